import GRDB

/// What a stage's table of scored songs holds of one set and one dimension; songs in byte order of their ids.
public struct ScoredColumn: Sendable, Equatable {
    public let stage: String
    /// Of the pipeline's order.
    public let position: Int
    /// `test`, `validation`, `train`, `out_of_fold`.
    public let set: String
    public let dimension: String
    public let songs: [String]
    public let truth: [Double]
    public let predicted: [Double]

    public init(
        stage: String, position: Int, set: String, dimension: String, songs: [String], truth: [Double],
        predicted: [Double]
    ) {
        self.stage = stage
        self.position = position
        self.set = set
        self.dimension = dimension
        self.songs = songs
        self.truth = truth
        self.predicted = predicted
    }
}

extension RunStore {
    /// Every prediction of a run, stages in the pipeline's order.
    /// - parameter run: a whole id.
    /// - throws: `RunStoreError`.
    public func predictions(run: String) throws(RunStoreError) -> [ScoredColumn] {
        try read { db in
            let tables = try Row.fetchAll(
                db,
                sql: """
                    SELECT e.stage, e.position, o.artifact FROM runs r JOIN stage_executions e ON e.run = r.number
                        JOIN stage_outputs o ON o.result = e.result
                    WHERE r.id = ? AND EXISTS (SELECT 1 FROM item_predictions p WHERE p.artifact = o.artifact)
                    ORDER BY e.position, o.port
                    """, arguments: [run])
            return try tables.flatMap { table in
                try Self.columns(stage: table[0], position: table[1], artifact: table[2], db)
            }
        }
    }

    private static func columns(stage: String, position: Int, artifact: Int64, _ db: Database) throws -> [ScoredColumn]
    {
        var columns: [ScoredColumn] = []
        var songs: [String] = [], truth: [Double] = [], predicted: [Double] = []
        var current: (set: String, dimension: String)?
        func close() {
            guard let current else { return }
            columns.append(
                ScoredColumn(
                    stage: stage, position: position, set: current.set, dimension: current.dimension, songs: songs,
                    truth: truth,
                    predicted: predicted))
            (songs, truth, predicted) = ([], [], [])
        }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT "set", dimension, song_id, truth, predicted FROM item_predictions WHERE artifact = ?
                ORDER BY "set", dimension DESC, song_id
                """, arguments: [artifact])
        while let row = try rows.next() {
            let next = (set: row[0] as String, dimension: row[1] as String)
            if current.map({ $0 != next }) ?? true {
                close()
                current = next
            }
            songs.append(row[2])
            truth.append(row[3])
            predicted.append(row[4])
        }
        close()
        return columns
    }
}
