import GRDB

/// What must outlive a clean-up of the workspace, by what the history says.
public struct KeptResults: Sendable, Equatable {
    /// Why, by stage key in hexadecimal digits: `sweep ratio-ablation-1f2e3d`, `run 20261123-… (tag keep)`.
    public var keys: [String: String] = [:]
    public var runs: Set<String> = []
    /// Runs that are marked as deleted.
    public var deleted: Set<String> = []
}

extension RunStore {
    /// Tags that keep a run's results, whatever their value but `no`, `false` and `0`.
    public static let keepingTags = ["keep", "pin"]

    /// The results of runs that are tagged `keep` or `pin`, and of the cells that a sweep wants: of each cell the run
    /// that stands for it, and its last one.
    /// - throws: `RunStoreError`.
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
            // A tag says more than a sweep: it is named where both keep a result.
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
