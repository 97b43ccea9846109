import SentioKit
import SentioNN
import SentioSongStages

/// Rates songs over time by a stored network.
struct SequenceRater {
    private let context: StageContext
    private let stored: StoredNetwork
    private let collection: InputCollection
    private let predictor: Predictor
    private let grid: TimeGrid
    private let scaling: EmbeddingScaling
    private let places: [Range<Int>]
    private let patchSeconds: Double
    /// As for `SequenceSource`.
    private let hasLengths: Bool

    /// - throws: `ModelFault`, `TrainingError` for a model that is damaged; `StageFailure` for embeddings unlike those
    ///   of the training.
    init(_ stored: StoredNetwork, _ context: StageContext, _ port: InputPort) throws {
        guard stored.format == .sequence else {
            throw ModelFault("it rates whole songs; `\(stored.format.applyingKind)` applies it")
        }
        let input = try stored.config.section("input")
        let sizes = try SequenceArchitecture.network(try stored.config.section("architecture"))
        let grid = try TimeGrid(input)
        scaling = try EmbeddingScaling(stored.weights, width: sizes.inputs)
        collection = context.collection(port)
        places = try Encoder.parts(collection.attributes, port: port, named: try input.names("parts")).map(\.places)
        let width = places.reduce(0) { $0 + $1.count }
        guard width == sizes.inputs else {
            throw StageFailure(
                "The model reads \(sizes.inputs) values per patch, and the embeddings on `\(port)` have \(width). "
                    + "Make them with the network of the training.")
        }
        patchSeconds = try SequenceStudy.patchSeconds(collection.attributes)
        let trained = try input.number("patch_seconds", in: 1e-6...1e6)
        guard patchSeconds == trained else {
            throw StageFailure(
                "The model was trained on patches of \(trained) s, and the embeddings on `\(port)` have patches of "
                    + "\(patchSeconds) s. Make them with the network of the training.")
        }
        hasLengths = sizes.usesAttention
        predictor = try stored.predictor(
            RegressionTrainer.Network(SequenceRegressor(sizes)) { $0($1) },
            inputShape: SequenceSource.inputShape(steps: grid.count, width: sizes.inputs, hasLengths: hasLengths),
            context)
        (self.grid, self.stored, self.context) = (grid, stored, context)
    }

    func write(seen: Lineage) throws {
        let songs = collection.ids, times = grid.times, outputs = stored.dimensions.count, context = context
        guard !songs.isEmpty else { throw StageFailure("There is no song to rate: the collection is empty.") }
        let scale = stored.scale, size = times.count * outputs
        try SequenceStudy.writePredictions(
            context, of: songs, seen: seen, times: times,
            attributes: SequenceCollection.attributes(dimensions: stored.dimensions, scale: scale.range),
            embedding: {
                try EmbeddingSequence(
                    try collection.read($0), song: $0, places: places, patchSeconds: patchSeconds,
                    port: collection.port)
            }
        ) { embeddings in
            let source = SequenceSource(
                songs: embeddings, targets: [], times: times, scaling: scaling, dimensions: size,
                hasLengths: hasLengths)
            let predicted = try predictor.predict(source) { _ in try context.checkCancelled() }
            guard predicted.allSatisfy(\.isFinite) else {
                throw StageFailure(
                    "The model's ratings are not finite numbers. The model is damaged, or its training diverged.")
            }
            return embeddings.indices.map { index in
                scale.ratings(Array(predicted[(index * size)..<((index + 1) * size)]), dimensions: outputs)
            }
        }
        context.services.metric("songs.rated", Double(songs.count))
    }
}
