package import SentioKit
import SentioNN
import SentioNumerics

/// Rates songs with a stored network of `ast-train`, `crnn-train` or `finetune`, without labels or a split.
///
/// The model says what it reads: spectrograms like those that it was trained on, or waveforms at its sample rate. Crops,
/// scaling and averaging are those of the training, so a song gets the bits that the training stage wrote for it.
/// Songs shorter than what the network reads at once are named in a warning. Output: `predictions` in rating units,
/// which count as fitted on all songs that the model has seen. Deterministic on one kind of processor, whatever the
/// number of threads.
package struct ApplyNetworkStage: Stage {
    package static let kind = "apply-network"
    package static let version = 1
    package static let summary = "Rates songs with a stored network of ast-train, crnn-train or finetune."
    /// Predictions of a song depend on the model and that song alone.
    package static let application = Application.again

    static let context = Parameter<String?>(
        "context", default: .some(nil),
        "For networks that were fine-tuned with `context`: the collection that all songs are taken to be from; null: "
            + "what the collections have in common.")
    package static let parameters: [any ParameterDefinition] = [context]
    static let model = InputPort(
        "model", NetworkTraining.modelType, "The network, from `ast-train`, `crnn-train` or `finetune`.")
    static let spectrograms = InputPort(
        NetworkTraining.spectrograms.name, .spectrograms, isRequired: false,
        "The songs, for networks that read spectrograms; made as for the training.")
    static let waveforms = InputPort(
        FineTuneStage.waveforms.name, .waveforms, isRequired: false,
        "The songs, for fine-tuned networks; mono samples at 16000 Hz.")
    package static let inputs = [model, spectrograms, waveforms]
    static let predictions = OutputPort(
        NetworkTraining.predictions.name, .predictions, "Predicted ratings of all songs.")
    package static let outputs = [predictions]

    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    package var resources: Resources { Resources(cores: .all) }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        // The size of the model stands for the network: its architecture is not known before the run.
        let pace = inputs[Self.model]?.bytes.map { "\(Int(saturating: $0)) bytes of model" }
        if let songs = inputs[Self.spectrograms] { return Workload(["songs": songs.items], pace: pace) }
        guard let songs = inputs[Self.waveforms] else { return nil }
        var amounts = ["songs": songs.items]
        if let bytes = songs.bytes, bytes > 0 { amounts["bytes"] = bytes }
        return Workload(amounts, pace: pace)
    }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        let songs = inputs[Self.spectrograms] ?? inputs[Self.waveforms]
        return songs.map { [Self.predictions: Amount(items: $0.items)] } ?? [:]
    }

    package func run(_ context: StageContext) throws {
        let (stored, seen, rater) = try ModelFault.explained(
            Self.model, from: "an `ast-train`, `crnn-train` or `finetune` stage"
        ) {
            let stored = try StoredNetwork(
                config: try context.file(Self.model, "config.json"),
                weights: try context.file(Self.model, "weights.safetensors"))
            // Songs that are read from here on are only predicted: the model has seen what the ledger holds now.
            return (stored, context.lineage(), try makeRater(stored, context))
        }
        if stored.precision.native != stored.precision {
            context.services.warn(
                "The network was trained in bf16, and this CPU has no bf16 arithmetic (AVX-512 bf16 or AMX): "
                    + "predicting in float32, which may change the last digits.")
        }
        try predict(rater, stored, seen: seen, context)
    }

    private func makeRater(_ stored: StoredNetwork, _ context: StageContext) throws -> any SongRater {
        let collection = configuration[Self.context]
        switch stored.format {
        case .ast, .crnn:
            if let collection { throw WaveformRater.noCollections(collection) }
            return try SpectrogramRater(stored, context, try Self.connected(Self.spectrograms, context))
        case .fineTune:
            return try WaveformRater(
                stored, context, try Self.connected(Self.waveforms, context), from: collection)
        case .sequence:
            throw ModelFault("it rates moments of songs, not songs; `\(ApplySequenceStage.kind)` applies it")
        }
    }

    private static func connected(_ port: InputPort, _ context: StageContext) throws -> InputPort {
        guard context.isConnected(port) else {
            throw StageFailure(
                "The model on `\(model)` reads \(port), and `\(port)` is not connected. Connect it under `in:`.")
        }
        return port
    }

    private func predict(_ rater: any SongRater, _ stored: StoredNetwork, seen: Lineage, _ context: StageContext) throws
    {
        let songs = rater.songs
        guard !songs.isEmpty else { throw StageFailure("There is no song to rate: the collection is empty.") }
        var predictions: [Double] = [], short: [String] = []
        for start in stride(from: 0, to: songs.count, by: rater.songsAtOnce) {
            try context.checkCancelled()
            let some = Array(songs[start..<min(start + rater.songsAtOnce, songs.count)])
            let rated = try rater.rate(some)
            predictions += rated.predictions
            short += rated.short
            context.services.progress(done: start + some.count, of: songs.count, note: "songs rated")
        }
        rater.warn(ofShort: short)
        let dimensions = stored.dimensions
        let ratings = stored.scale.ratings(predictions, dimensions: dimensions.count)
        if let place = ratings.values.firstIndex(where: { !$0.isFinite }) {
            let song = songs[place / dimensions.count], dimension = dimensions[place % dimensions.count]
            throw StageFailure(
                "The model's \(dimension) of song \(song) is \(ratings.values[place]), not a finite number. The model "
                    + "is damaged, or its training diverged.")
        }
        try context.writeTable(
            Self.predictions, NetworkTraining.table(ratings, songs: songs, dimensions: dimensions), fitted: seen)
        context.services.metric("songs.rated", Double(songs.count))
    }
}
