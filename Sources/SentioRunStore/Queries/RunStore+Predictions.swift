import GRDB

/// The predictions of a stage for one set and one dimension; songs in byte order of their ids.
public struct ScoredColumn: Sendable, Equatable {
    /// The name of the stage.
    public let stage: String
    /// Index of the stage in the order of the pipeline.
    public let position: Int
    /// `test`, `validation`, `train`, `out_of_fold`.
    public let set: String
    /// The rating dimension, such as `valence`.
    public let dimension: String
    /// Song ids.
    public let songs: [String]
    /// Rating of each song, in rating units.
    public let truth: [Double]
    /// Prediction for each song, in rating units.
    public let predicted: [Double]

    /// Creates a column; `songs`, `truth` and `predicted` have the same length.
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
    /// All predictions of a run, stages in the order of the pipeline.
    /// - Parameter run: a full id.
    /// - Throws: `RunStoreError`.
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
