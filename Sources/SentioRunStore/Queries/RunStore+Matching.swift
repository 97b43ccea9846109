import GRDB
import SentioKit

extension RunStore {
    /// The id of the run that a user names: `latest`, a full id, a unique prefix of an id, or the unique name of a run.
    /// - Parameter includingDeleted: whether to consider runs that are marked as deleted.
    /// - Throws: `RunStoreError`: `noRuns`, `unknownRun` (with the nearest id or name), `ambiguousRun` (with the newest
    ///   candidates).
    public func run(matching text: String, includingDeleted: Bool = false) throws(RunStoreError) -> String {
        let shown = includingDeleted ? "1" : "deleted_at IS NULL"
        return try read { db in
            if text == "latest" {
                let newest = try String.fetchOne(
                    db, sql: "SELECT id FROM runs WHERE \(shown) ORDER BY started_at DESC, number DESC LIMIT 1")
                guard let newest else { throw RunStoreError.noRuns }
                return newest
            }
            if let exact = try String.fetchOne(
                db, sql: "SELECT id FROM runs WHERE id = ? AND \(shown)", arguments: [text])
            {
                return exact
            }
            let named = try Self.candidates(db, "name = ? AND \(shown)", [text])
            let begun =
                text.isEmpty ? [] : try Self.candidates(db, "substr(id, 1, length(?)) = ? AND \(shown)", [text, text])
            // A name was typed on purpose, so it takes precedence over a prefix of an id.
            for candidates in [named, begun] {
                if candidates.count == 1 { return candidates[0] }
                if candidates.count > 1 { throw RunStoreError.ambiguousRun(text, candidates: candidates) }
            }
            let known = try String.fetchAll(
                db,
                sql:
                    "SELECT id FROM runs WHERE \(shown) UNION SELECT name FROM runs WHERE name IS NOT NULL AND \(shown)"
            )
            if known.isEmpty { throw RunStoreError.noRuns }
            throw RunStoreError.unknownRun(text, nearest: Suggestion.nearest(to: text, among: known))
        }
    }

    private static func candidates(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws
        -> [String]
    {
        try String.fetchAll(
            db, sql: "SELECT id FROM runs WHERE \(condition) ORDER BY started_at DESC, number DESC LIMIT 5",
            arguments: arguments)
    }
}
