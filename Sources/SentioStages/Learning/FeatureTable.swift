import SentioKit
import SentioNumerics

/// Features of songs as a matrix, read item by item from a collection.
struct FeatureTable {
    /// Names of the features, in order.
    let columns: [String]
    private let collection: InputCollection
    private let port: String

    /// - throws: `StageFailure` where the collection does not name its columns.
    init(_ context: StageContext, port: String) throws {
        collection = context.collection(port)
        self.port = port
        columns = collection.attributes["columns"]?.list?.compactMap(\.string) ?? []
        guard !columns.isEmpty, Set(columns).count == columns.count else {
            throw StageFailure(
                "The features on `\(port)` of \(context.stage) do not name their columns: the attribute `columns` is missing or names one twice."
            )
        }
    }

    func contains(_ song: String) -> Bool { collection.contains(song) }

    /// Songs × features, in the order of `songs`; all of them enter the stage's ledger.
    /// - throws: `BlobStoreError`, `NpyError`, `StageFailure` with the song.
    func read(_ songs: [String]) throws -> Matrix {
        var values: [Double] = []
        values.reserveCapacity(songs.count * columns.count)
        for song in songs {
            let array = try NpyFile.read(try collection.read(song))
            guard array.count == columns.count else {
                throw StageFailure("Song \(song) on `\(port)` has \(array.count) features where the collection names \(columns.count).")
            }
            values += array.doubles
        }
        return Matrix(rows: songs.count, columns: columns.count, values: values)
    }
}
