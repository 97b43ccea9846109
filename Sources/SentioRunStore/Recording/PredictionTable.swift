import GRDB
import SentioKit

/// Stores predictions with the artifact that holds them: once, no matter how many runs refer to it.
enum PredictionTable {
    /// Stores the predictions found in an outcome's outputs and marks these artifacts as examined.
    static func insert(
        _ found: [(artifact: ContentHash, rows: [ItemPrediction])], types: [String: String], outcome: StageOutcome,
        run: Int64?,
        _ db: Database
    ) throws {
        for (port, hash) in outcome.outputs.sorted(by: { $0.key < $1.key }) {
            try db.cachedStatement(
                sql: """
                    INSERT INTO artifacts (hash, type, examined) VALUES (?, ?, 1)
                    ON CONFLICT (hash) DO UPDATE SET type = coalesce(type, excluded.type), examined = 1
                    """
            ).execute(arguments: [hash.hex, types[port]])
        }
        let insertion = try db.cachedStatement(
            sql: """
                INSERT INTO item_predictions (artifact, song_id, dimension, "set", truth, predicted) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (artifact, song_id, dimension) DO NOTHING
                """)
        for (hash, rows) in found {
            guard
                let artifact = try Int64.fetchOne(
                    db, sql: "SELECT id FROM artifacts WHERE hash = ?", arguments: [hash.hex])
            else {
                continue
            }
            for row in rows {
                try insertion.execute(arguments: [
                    artifact, row.songID, row.dimension, row.set, row.truth, row.predicted,
                ])
            }
            if let run { try TestLedger.note(rows, artifact: artifact, run: run, stage: outcome.stage, db) }
        }
    }
}
