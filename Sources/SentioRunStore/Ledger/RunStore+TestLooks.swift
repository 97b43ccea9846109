import GRDB
import SentioKit

extension RunStore {
    /// The test sets that runs were scored on, each with every use of it by any run. Reusing a test set biases the best
    /// score upward, so reports show these counts.
    /// - Parameter runs: full ids; nil for all test sets of the store.
    /// - Returns: the most used test sets first.
    /// - Throws: `RunStoreError`.
    public func testLooks(of runs: [String]? = nil) throws(RunStoreError) -> [TestSetUse] {
        try read { db in
            var ids: Set<Int64> = []
            if let runs {
                for run in runs {
                    ids.formUnion(
                        try Int64.fetchAll(
                            db,
                            sql: """
                                SELECT DISTINCT a.test_set FROM runs r JOIN stage_executions e ON e.run = r.number
                                    JOIN stage_outputs o ON o.result = e.result JOIN artifacts a ON a.id = o.artifact
                                WHERE r.id = ? AND a.test_set IS NOT NULL
                                """, arguments: [run]))
                }
            } else {
                ids = try Int64.fetchSet(db, sql: "SELECT id FROM test_sets")
            }
            return try ids.map { try Self.testSetUse($0, db) }.sorted {
                ($1.looks.count, $0.hash) < ($0.looks.count, $1.hash)
            }
        }
    }

    private static func testSetUse(_ id: Int64, _ db: Database) throws -> TestSetUse {
        let looks = try Row.fetchAll(
            db,
            sql:
                "SELECT run, pipeline, stage, artifact, looked_at FROM test_looks WHERE test_set = ? ORDER BY "
                + "looked_at, id",
            arguments: [id]
        ).map { TestSetUse.Look(run: $0[0], pipeline: $0[1], stage: $0[2], artifact: $0[3], at: $0[4]) }
        let head = try Row.fetchOne(db, sql: "SELECT hash, songs FROM test_sets WHERE id = ?", arguments: [id])
        let shared = try Row.fetchOne(
            db,
            sql: """
                SELECT total(times), max(shared) FROM (
                    SELECT (SELECT count(*) FROM test_looks WHERE test_set = o.test_set) AS times, count(*) AS shared
                    FROM test_set_songs s JOIN test_set_songs o ON o.song = s.song AND o.test_set <> s.test_set
                    WHERE s.test_set = ? GROUP BY o.test_set)
                """, arguments: [id])
        return TestSetUse(
            hash: head?[0] ?? "", songs: head?[1] ?? 0, looks: looks,
            overlapping: Int(saturating: (shared?[0] as Double?) ?? 0),
            mostShared: (shared?[1] as Int?) ?? 0)
    }
}
