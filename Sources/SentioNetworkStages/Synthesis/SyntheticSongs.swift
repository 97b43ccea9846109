import SentioKit

/// Labeled spectrograms on a port: items with their ratings.
struct SyntheticSongs {
    let dimensions: [String]
    private let reader: SpectrogramReader
    private let ratings: [String: [Double]]

    /// - throws: `StageFailure` for an empty collection, or an item without a rating for each dimension.
    init(_ context: StageContext, _ port: InputPort) throws {
        let reader = SpectrogramReader(context, port), attributes = reader.collection.attributes
        guard let dimensions = attributes["dimensions"]?.list?.compactMap(\.string), !dimensions.isEmpty,
            let given = attributes["ratings"]?.map
        else {
            throw StageFailure(
                "The items on `\(port)` carry no ratings: the attributes `ratings` and `dimensions` are missing."
            )
        }
        guard reader.collection.ids.count > 1 else {
            throw StageFailure("There are too few items on `\(port)` to evaluate; at least two are needed.")
        }
        var ratings: [String: [Double]] = [:]
        for id in reader.collection.ids {
            guard let own = given[id]?.list?.compactMap(\.double), own.count == dimensions.count,
                own.allSatisfy(\.isFinite)
            else {
                throw StageFailure(
                    "The item \(id) on `\(port)` has no rating for each of \(dimensions.joined(separator: ", ")).")
            }
            ratings[id] = own
        }
        (self.dimensions, self.reader, self.ratings) = (dimensions, reader, ratings)
    }

    /// Mels and frames of the first item.
    func shape() throws -> (mels: Int, frames: Int) {
        let first = try reader.open(Array(reader.collection.ids.prefix(1)))[0]
        return (first.mels, first.frames)
    }

    func statistics(_ context: StageContext) throws -> RatedStatistics {
        let shape = try shape()
        var found = RatedStatistics(mels: shape.mels, frames: shape.frames)
        for id in reader.collection.ids {
            try context.checkCancelled()
            let song = try reader.open([id], mels: shape.mels, frames: shape.frames)[0]
            found.add(song, start: 0, ratings: ratings[id] ?? [], song: found.songs)
        }
        return found
    }
}
