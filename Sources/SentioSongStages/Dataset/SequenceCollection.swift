package import SentioKit

/// Ratings over time on an input port, listeners' or predicted ones.
package struct SequenceCollection {
    /// The items as stored.
    package let collection: InputCollection
    /// The rated dimensions, in the order of the columns.
    package let dimensions: [String]
    /// Lowest and highest possible rating.
    package let scale: ClosedRange<Double>

    /// - Throws: `StageFailure` if the artifact has no scale.
    package init(_ context: StageContext, _ port: InputPort) throws {
        collection = context.collection(port)
        dimensions = LabelTable.dimensions(collection.attributes)
        scale = try LabelTable.scale(collection.attributes, port: port)
    }

    /// Whether a song has ratings over time.
    package func contains(_ song: String) -> Bool { collection.contains(song) }

    /// Reads one song; it is recorded in the stage's ledger.
    /// - Throws: `StageFailure`, `NpyError`, `BlobStoreError`.
    package func read(_ song: String) throws -> TimeSeries {
        try SequenceFile.read(
            try collection.read(song), columns: dimensions.count, song: song, port: collection.port)
    }

    /// Reads predictions to score. The model that made them must not have seen any of the songs.
    /// - Throws: as `read`, and `LeakageError`.
    package func readToScore(
        _ songs: [String], copies: [String: [ContentHash]] = [:]
    ) throws -> [TimeSeries] {
        try zip(songs, try collection.readToScore(songs, copies: copies)).map { song, bytes in
            try SequenceFile.read(bytes, columns: dimensions.count, song: song, port: collection.port)
        }
    }

    /// The attributes of ratings over time.
    package static func attributes(dimensions: [String], scale: ClosedRange<Double>) -> [String: Value] {
        [
            "scale": [.double(scale.lowerBound), .double(scale.upperBound)],
            "dimensions": .list(dimensions.map { .string($0) }),
        ]
    }
}
