package import SentioKit
import SentioNN

/// Trains a conditional GAN that makes spectrograms for given ratings.
///
/// Generator and critic are the Sentio study's (transposed convolutions after Radford et al. 2016), with optional
/// stabilizers: hinge or Wasserstein loss, R1, spectral normalization, projection, a critic that predicts ratings,
/// augmentation of all it sees, two learning rates, instance noise, a moving average. The training songs' spectrograms
/// are scaled linearly to the generator's range -1...1, as a whole or per band; so are the ratings.
///
/// Only training songs of the split are read; validation and test songs never touch it, and the lineage says so. With
/// `initial_generator`, training starts from its weights, and its training songs join the lineage.
/// Outputs: `generator` and `critic` (`weights.safetensors` with PyTorch's parameter names, `config.json`; the
/// generator's also `recovery.json`, the ridge that monitors it), `history`, `sheets`. Throws `StageFailure`.
/// Bit-identical for one seed and one number of threads, even across interruptions.
package struct GANTrainStage: Stage {
    package static let kind = "gan-train"
    package static let version = 1
    package static let summary = "Trains a GAN that makes spectrograms for given ratings."
    package static let parameters: [any ParameterDefinition] = GANParameters.all
    static let spectrograms = InputPort(
        "spectrograms", .spectrograms, "One spectrogram per song, all with the same number of bands.")
    static let labels = InputPort("labels", .labels, "Ratings.")
    static let split = InputPort("split", .split, "Which songs to train on.")
    static let generatorType = ArtifactType("generator", form: .files)
    static let criticType = ArtifactType("critic", form: .files)
    static let initialGenerator = InputPort(
        "initial_generator", generatorType, isRequired: false,
        "A trained generator to start from, such as one trained on more songs; the songs that it has seen count as "
            + "seen by this one. Its scaling applies instead of `scaling`.")
    static let initialCritic = InputPort(
        "initial_critic", criticType, isRequired: false,
        "The critic that was trained with it; without it, the critic starts from random weights.")
    package static let inputs = [spectrograms, labels, split, initialGenerator, initialCritic]
    static let sheetsType = ArtifactType("sample-sheets", form: .files)
    static let generator = OutputPort("generator", generatorType, "Weights, configuration and the recovery model.")
    static let critic = OutputPort("critic", criticType, "Weights of the critic.")
    static let history = OutputPort(
        "history", NetworkTraining.historyType,
        "CSV: losses, accuracies, gradients and sample statistics of each epoch.")
    static let sheets = OutputPort("sheets", sheetsType, "PNG: samples over the plane of ratings, epoch by epoch.")
    package static let outputs = [generator, critic, history, sheets]

    private let recipe: GANRecipe

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        recipe = try GANParameters.recipe(configuration)
    }

    package var resources: Resources { Resources(cores: .all, waitsForCores: true) }
    package var drawsRandomNumbers: Bool { recipe.seed == nil }

    package var length: Int? { recipe.steps == nil ? recipe.epochs : nil }
    package func workload(of inputs: PortMap<Amount>) -> Workload? { GANWork(recipe: recipe).workload(of: inputs) }

    /// Objects to a collapsed result that was kept under `on_collapse: warn`, or by an earlier version.
    package func objection(to series: [String: [SeriesPoint]]) -> String? {
        guard recipe.onCollapse == .stop else { return nil }
        let history = TrainingHistory(series)
        let watch = CollapseWatch(
            epochs: recipe.collapseEpochs, of: recipe.steps == nil ? recipe.epochs : history.epochs.count)
        guard let collapse = watch.collapse(history) else { return nil }
        return "`on_collapse` is stop, but the stored result is useless. \(collapse.sentence)"
    }

    package func run(_ context: StageContext) throws { try GANTraining(context, recipe).run() }
}
