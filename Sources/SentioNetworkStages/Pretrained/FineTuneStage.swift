package import SentioKit
import SentioNN
import SentioSongStages

/// Fine-tunes a pretrained encoder with a new head that predicts ratings.
///
/// Waveforms at 16 kHz become log-mel patches as in `embed`; a song's prediction is the mean over its patches. Frozen
/// layers are computed once per patch, and their activations are kept in memory. Batch norms keep their pretrained
/// statistics, which come from a million songs: batches of a few hundred songs would estimate them less well.
///
/// Outputs: `model` (`weights.safetensors` with the whole encoder under its own names and the head, and `config.json`),
/// `predictions` in rating units, `history`. Throws `StageFailure`. Lineage, restarts and determinism are those of
/// `ast-train`; a restart recomputes the frozen layers.
package struct FineTuneStage: Stage {
    package static let kind = "finetune"
    package static let version = 1
    package static let summary = "Fine-tunes a pretrained network with a new head that predicts ratings."

    /// What is trained.
    enum Trained: String, ParameterChoice { case head, last, all }
    /// What the head reads.
    enum Features: String, ParameterChoice { case penultimate, pooled, both }

    private static let options = FineTuneOptions()
    static let train = Parameter(
        "train", default: Trained.last,
        "Which layers to train. head: only the new head; last: also the layers after the front end (musicnn: three "
            + "convolutions and the hidden layer; vgg: the last two blocks); all: the whole network, about 25 times "
            + "the work of `last`.")
    static let features = Parameter(
        "features", default: Features.both,
        "Input of the head: penultimate, the last layer before the tags (musicnn 200, vgg 256 values); pooled, the "
            + "maximum and mean over time (musicnn 1506) or the mean of the preceding block (vgg 128); or both.")
    static let headHidden = Parameter(
        "head_hidden", default: options.network.headHidden, in: 0...65_536,
        "Width of the head's hidden layer; 0: a linear head.")
    static let dropout = Parameter(
        "dropout", default: 0.3, in: 0...0.95, "Dropout of the head's input and of its hidden layer.")
    static let lowerRate = Parameter(
        "lower_rate", default: options.lowerRate, in: 0.001...1,
        "Layer-wise learning rate decay: the learning rate of each depth of the encoder, as a fraction of that of the "
            + "depth above it; the head has the full rate. Depths of musicnn: front end, three convolutions, hidden "
            + "layer; of vgg: five blocks.",
        source: "Howard and Ruder 2018: 1 / 2.6")
    static let patches = Parameter(
        "patches", default: options.patches, in: 0...100_000,
        "Maximum number of patches per song, evenly spaced, that are kept and used to predict it; 0: all.",
        unit: "patches of 3 s")
    static let epochPatches = Parameter(
        "epoch_patches", default: options.epochPatches, in: 1...10_000,
        "Patches drawn at random from each training song per epoch.", unit: "patches of 3 s")
    static let context = Parameter<String?>(
        "context", default: .some(nil),
        "Labels column that names the collection a song is from (`source` of a united dataset): each collection gets "
            + "its own weights and intercept on top of the shared ones, regularized by `weight_decay`; unknown "
            + "collections use only the shared ones. null: one head for all.")
    static let training = TrainingParameters(
        FineTuneOptions.recipe,
        without: ["frames", "crops", "normalisation", "statistics", "epoch_size", "roll"])

    package static let parameters: [any ParameterDefinition] =
        [train, features, headHidden, dropout, lowerRate, patches, epochPatches, context] + training.all
    static let waveforms = InputPort("waveforms", .waveforms, "Mono samples at 16000 Hz.")
    static let weights = InputPort("weights", .weights, "The network, from `pretrained`.")
    package static let inputs = [waveforms, weights, NetworkTraining.labels, NetworkTraining.split]
    package static let outputs = NetworkTraining.outputs
    package static let application = Application.model(
        ModelApplication(
            NetworkTraining.model, predictions: NetworkTraining.predictions, by: ApplyNetworkStage.kind,
            from: [waveforms]))

    private let recipe: TrainingRecipe
    private let options: FineTuneOptions

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        let recipe = try Self.training.recipe(configuration)
        var options = FineTuneOptions()
        options.network.part =
            switch configuration[Self.train] {
            case .head: .head
            case .last: .last
            case .all: .all
            }
        options.network.features =
            switch configuration[Self.features] {
            case .penultimate: .last
            case .pooled: .pooled
            case .both: .both
            }
        options.network.headHidden = configuration[Self.headHidden]
        options.network.dropout = Float(configuration[Self.dropout])
        options.lowerRate = configuration[Self.lowerRate]
        options.patches = configuration[Self.patches]
        options.epochPatches = configuration[Self.epochPatches]
        options.context = configuration[Self.context]
        let sound = recipe.augmentation
        for (name, isUsed) in [
            ("mel_masks", sound.melMasks > 0), ("frame_masks", sound.frameMasks > 0), ("gain", sound.gain > 0),
        ] where isUsed && options.network.part != .all {
            throw ConfigurationErrors(
                name,
                "it augments spectrograms, but with `train: \(configuration[Self.train].rawValue)` the epochs read "
                    + "stored activations. Set it to 0, or set `train: all`.")
        }
        self.recipe = recipe
        self.options = options
    }

    package var resources: Resources { Resources(cores: .all, waitsForCores: true) }
    package var drawsRandomNumbers: Bool { recipe.seed == nil }
    package var continuesOver: Set<String> { recipe.isProlonged ? ["epochs"] : [] }
    package var length: Int? { recipe.epochs }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        FineTuneWork(recipe: recipe, options: options).workload(of: inputs)
    }

    package func run(_ context: StageContext) throws {
        try FineTuning(NetworkTraining(context, recipe, reading: (Self.waveforms, "waveform")), options).run()
    }
}
