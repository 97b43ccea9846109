import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Input and output shared by all kinds that learn ratings over time from embeddings. They read the training songs
/// first, and the others only after the fit, so that the model's lineage is correct.
struct SequenceStudy {
    static let embeddings = InputPort("embeddings", .embeddings, "From `embed`: activations of each patch of a song.")
    static let ratings = InputPort(
        "ratings", .ratingSequences, "Ratings over time, from `song-dataset` with `dynamic: true`.")
    static let split = InputPort("split", .split, "Which songs to train on.")
    static let inputs = [embeddings, ratings, split]
    static let predictions = OutputPort(
        "predictions", .predictedSequences,
        "Predicted ratings over time of all songs of the split with embeddings, rated or not.")
    static let parts = Parameter<[String]>(
        "parts", default: [],
        "Parts of the embeddings to use (musicnn: penultimate, mean_pool, max_pool, tags); empty: all.")

    let context: StageContext
    let ratings: SequenceCollection
    /// Songs of the split with embeddings, in byte order.
    let songs: [String]
    let patchSeconds: Double
    private let split: SplitTable
    private let collection: InputCollection
    private let places: [Range<Int>]

    var dimensions: [String] { ratings.dimensions }

    /// Opens the inputs. Songs without embeddings are named in a warning; those without ratings over time are only
    /// counted in the log, because few datasets rate all songs over time.
    /// - throws: `StageFailure`, `BlobStoreError`.
    init(_ context: StageContext, parts: [String]) throws {
        let split = try SplitTable(try context.table(Self.split))
        let ratings = try SequenceCollection(context, Self.ratings)
        let collection = context.collection(Self.embeddings)
        places = try Encoder.parts(collection.attributes, port: Self.embeddings, named: parts).map(\.places)
        patchSeconds = try Self.patchSeconds(collection.attributes)
        let songs = split.ids.filter { collection.contains($0) }
        let absent = split.ids.filter { !collection.contains($0) }
        if !absent.isEmpty {
            context.services.warn(
                "\(IDList.songs(absent.count)) of the split without embeddings left out: \(IDList.text(absent)).")
        }
        let unrated = songs.count { !ratings.contains($0) }
        if unrated > 0 {
            context.services.log(
                "\(unrated) of \(IDList.songs(songs.count)) have no ratings over time; they are predicted only")
        }
        self.context = context
        self.songs = songs
        (self.split, self.ratings, self.collection) = (split, ratings, collection)
    }

    /// Songs of some sets with embeddings and ratings over time.
    func ratedSongs(in sets: [SplitSet]) -> [String] {
        let wanted = Set(split.songs(in: sets))
        return songs.filter { wanted.contains($0) && ratings.contains($0) }
    }

    /// The same; throws if there are none.
    func trainingSongs(in sets: [SplitSet]) throws -> [String] {
        let chosen = ratedSongs(in: sets)
        guard !chosen.isEmpty else {
            throw StageFailure("The split leaves no song with embeddings and ratings over time to train on.")
        }
        return chosen
    }

    /// The group that a song must stay with; nil for a song on its own.
    func group(of song: String) -> String? { split.groups[song] }

    /// Reads a song's embeddings; it enters the stage's ledger.
    func embedding(_ song: String) throws -> EmbeddingSequence {
        try EmbeddingSequence(
            try collection.read(song), song: song, places: places, patchSeconds: patchSeconds, port: collection.port)
    }

    /// Writes predictions of all songs, in batches: at the times of the grid that lie within the song.
    /// - parameter seen: the songs that the model was fitted on: the ledger as it was before this call.
    /// - parameter predict: ratings of each song at all times of the grid, [times, dimensions].
    func writePredictions(
        seen: Lineage, times: [Double], _ predict: ([EmbeddingSequence]) throws -> [Matrix]
    ) throws {
        try Self.writePredictions(
            context, of: songs, seen: seen, times: times,
            attributes: SequenceCollection.attributes(dimensions: dimensions, scale: ratings.scale),
            embedding: embedding, predict)
    }

    /// The same without a study, for models that were trained elsewhere.
    /// - parameter attributes: of the predictions.
    /// - parameter embedding: reads a song.
    static func writePredictions(
        _ context: StageContext, of songs: [String], seen: Lineage, times: [Double], attributes: [String: Value],
        embedding: (String) throws -> EmbeddingSequence, _ predict: ([EmbeddingSequence]) throws -> [Matrix]
    ) throws {
        var entries: [Manifest.Entry] = []
        for start in stride(from: 0, to: songs.count, by: 256) {
            let some = Array(songs[start..<min(start + 256, songs.count)])
            let embeddings = try some.map { try embedding($0) }
            for (index, predicted) in try predict(embeddings).enumerated() {
                let count = embeddings[index].count(of: times)
                let series = TimeSeries(
                    times: Array(times[..<count]), values: predicted.selecting(rows: Array(0..<count)))
                entries.append(
                    Manifest.Entry(
                        id: some[index], file: some[index] + ".npy",
                        blob: try context.store(SequenceFile.bytes(series))))
            }
            context.services.progress(done: start + some.count, of: songs.count, note: "songs predicted")
        }
        try context.writeCollection(predictions, entries, fitted: seen, attributes: attributes)
    }

    /// The length of a patch, from the attributes of embeddings.
    /// - throws: `StageFailure` where there is none.
    static func patchSeconds(_ attributes: [String: Value]) throws -> Double {
        guard let seconds = attributes["patch_seconds"]?.double, seconds > 0 else {
            throw StageFailure(
                "The collection on `\(embeddings)` does not give the length of a patch: the attribute "
                    + "`patch_seconds` is missing. Make it with `\(EmbedStage.kind)`."
            )
        }
        return seconds
    }

    /// The predicted amounts, as far as the inputs determine them.
    static func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        inputs[embeddings].map { [predictions: Amount(items: $0.items)] } ?? [:]
    }

    /// Rated steps of all songs; nil if unknown.
    static func steps(_ inputs: PortMap<Amount>) -> Double? {
        guard let ratings = inputs[ratings] else { return nil }
        let columns = 1 + LabelTable.dimensions(ratings.attributes).count
        return ratings.bytes.map { $0 / Double(MemoryLayout<Double>.stride * columns) }
    }
}
