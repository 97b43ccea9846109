import GRDB

/// Results that garbage collection must not remove, according to the history.
public struct KeptResults: Sendable, Equatable {
    /// The reason by stage key in hexadecimal digits: `sweep ratio-ablation-1f2e3d`, `run 20261123-… (tag keep)`.
    public var keys: [String: String] = [:]
    /// Ids of the runs whose results are kept.
    public var runs: Set<String> = []
    /// Ids of the runs that are marked as deleted.
    public var deleted: Set<String> = []
}

extension RunStore {
    /// Tags that protect the results of a run, with any value except `no`, `false` and `0`.
    public static let keepingTags = ["keep", "pin"]

    /// The results of runs tagged `keep` or `pin`, and of the cells that a sweep wants: the newest successful and the
    /// last run of each.
    /// - Throws: `RunStoreError`.
    public func keptResults() throws(RunStoreError) -> KeptResults {
        try read { db in
            var kept = KeptResults()
            func add(_ sql: String) throws {
                let rows = try Row.fetchCursor(db, sql: sql)
                while let row = try rows.next() {
                    kept.runs.insert(row[0])
                    if let key = row[2] as String? { kept.keys[key] = row[1] }
                }
            }
            try add(
                """
                SELECT s.run, 'sweep ' || c.sweep, s.key FROM v_sweep_cells c JOIN v_stages s ON s.run IN (c.run, c.last_run)
                    WHERE c.wanted
                """)
            // Added last: if a tag and a sweep protect the same result, the tag is the reason shown.
            try add(
                """
                SELECT s.run, 'run ' || s.run || ' (tag ' || t.name || ')', s.key FROM v_tags t JOIN v_stages s ON s.run = t.run
                    WHERE t.name IN ('keep', 'pin') AND lower(t.value) NOT IN ('no', 'false', '0')
                """)
            kept.deleted = Set(try String.fetchAll(db, sql: "SELECT id FROM runs WHERE deleted_at IS NOT NULL"))
            return kept
        }
    }
}
