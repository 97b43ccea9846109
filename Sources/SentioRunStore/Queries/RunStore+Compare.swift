import GRDB
import SentioKit

extension RunStore {
    /// Compares runs side by side.
    /// - Parameter ids: full ids, at least two.
    /// - Parameter onlyDifferences: whether to omit rows in which all runs agree.
    /// - Throws: `RunStoreError`.
    public func compare(_ ids: [String], onlyDifferences: Bool = false) throws(RunStoreError) -> RunComparison {
        try read { db in
            let details = try ids.map { try Self.details($0, db) }
            let songs = try ids.map { try Self.testSongs($0, db) }
            func rows(_ columns: [[String: Value]]) -> [RunComparison.Row] {
                let names = Set(columns.flatMap(\.keys)).sorted()
                let all = names.map { name in RunComparison.Row(name: name, values: columns.map { $0[name] }) }
                return onlyDifferences ? all.filter(\.differs) : all
            }
            // NaN is not equal to itself, but two missing numbers are.
            func number(_ value: Double) -> Value { value.isNaN ? .null : .double(value) }
            return RunComparison(
                runs: details.map(\.summary),
                parameters: rows(details.map { run in Self.merged(run.parameters.map { ($0.name, $0.value) }) }),
                configuration: rows(
                    details.map { run in
                        Self.merged(
                            run.stages.flatMap { stage in
                                stage.configuration.map { ("\(stage.stage).\($0.key)", $0.value) }
                            })
                    }),
                metrics: rows(
                    details.map { run in
                        Self.merged(
                            run.stages.flatMap { stage in
                                stage.metrics.map { ("\(stage.stage).\($0.key)", number($0.value)) }
                            })
                    }),
                stages: rows(
                    details.map { run in Self.merged(run.stages.map { ($0.copies ?? $0.stage, .string($0.kind)) }) }),
                remarks: ComparisonRemarks.sentences(details, testSongs: songs))
        }
    }

    private static func merged(_ pairs: [(String, Value)]) -> [String: Value] {
        Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }

    private static func testSongs(_ id: String, _ db: Database) throws -> Set<String> {
        try String.fetchSet(
            db, sql: "SELECT DISTINCT song_id FROM v_predictions WHERE run = ? AND \"set\" = 'test'", arguments: [id])
    }
}
