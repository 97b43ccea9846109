package import SentioKit
import SentioSongStages

/// Generates spectrograms with ratings, using a trained generator.
///
/// Item n is made from its own random numbers, derived from the seed and n, so it does not depend on `count`, and
/// raising `count` makes only the new items. Ratings are uniform or on a grid over the range of the training songs'
/// ratings, or near those of training songs. With `keep`, candidates that the critic scores as fake, or whose ratings
/// cannot be recovered, are dropped, by a threshold that the first 256 candidates set.
///
/// Outputs: `spectrograms` in the units of the generator's training spectrograms, with ratings, and `labels`, the
/// ratings as CSV. Items are fitted on the generator's training songs and come from no song themselves. Throws
/// `StageFailure`. Deterministic.
package struct SynthesizeStage: Stage {
    package static let kind = "synthesize"
    package static let version = 1
    package static let summary = "Generates spectrograms with ratings, using a trained generator."

    /// The ratings to request.
    enum Ratings: String, ParameterChoice { case uniform, grid, near }
    /// The criterion by which candidates are dropped.
    enum Keep: String, ParameterChoice { case all, critic, recovery }

    static let count = Parameter(
        "count", default: 3200, in: 1...10_000_000, "Number of spectrograms to generate.", source: "Sentio study")
    static let ratings = Parameter(
        "labels", default: Ratings.uniform,
        "Ratings to request: uniform; grid; near, those of training songs with some jitter.",
        source: "Sentio study")
    static let range = Parameter<[Double]?>(
        "range", default: .some(nil),
        "For `uniform` and `grid`: lowest and highest rating of every dimension; null: the range of the training "
            + "songs' ratings.",
        unit: "rating units")
    static let side = Parameter("grid", default: 5, in: 2...1000, "For `grid`: number of steps per dimension.")
    static let jitter = Parameter(
        "jitter", default: 0.05, in: 0...1,
        "For `near`: standard deviation of the jitter around a song's ratings, as a fraction of half the scale.")
    static let certainty = Parameter(
        "label_certainty", default: 1.0, in: 0...1,
        "Correlation between an item's label and the rating that the generator was asked for; 1: the label is that "
            + "rating. Ratings are often easier to recover from generated songs than from real ones; a model trained "
            + "on them then predicts ratings too far from the mean. 1 / `samples.DIMENSION.recovery_ratio` of the GAN "
            + "removes the difference.",
        keepsDefaultInKey: false)
    static let keep = Parameter(
        "keep", default: Keep.all,
        "Candidates to keep: all; critic, those that the critic scores as most real; recovery, those whose "
            + "requested ratings are recovered best.")
    static let share = Parameter(
        "keep_share", default: 0.5, in: 0.01...1,
        "For `keep: critic` and `keep: recovery`: fraction of the candidates to keep.")
    static let checkpointSeconds = Parameter(
        "checkpoint_seconds", default: 30.0, in: 0...86_400, "Time between checkpoints.", unit: "s", isIdentity: false)
    static let seed = Parameter<Int?>(
        "seed", default: .some(nil),
        "Seed of the noise and the ratings; null: the run's.")

    package static let parameters: [any ParameterDefinition] = [
        count, ratings, range, side, jitter, certainty, keep, share, checkpointSeconds, seed,
    ]
    static let generator = InputPort("generator", GANTrainStage.generatorType, "The trained generator.")
    static let critic = InputPort(
        "critic", GANTrainStage.criticType, isRequired: false,
        "The trained critic, for `keep: critic`.")
    static let labels = InputPort("labels", .labels, isRequired: false, "Ratings, for `labels: near`.")
    static let split = InputPort(
        "split", .split, isRequired: false, "Which songs' ratings may be used, for `labels: near`.")
    package static let inputs = [generator, critic, labels, split]
    static let labelsType = ArtifactType("synthetic-labels", form: .files)
    static let spectrograms = OutputPort(
        "spectrograms", .labelledSpectrograms,
        "One spectrogram per item, with its ratings.")
    static let labelsOutput = OutputPort("labels", labelsType, "CSV: the labels and the recovered ratings.")
    package static let outputs = [spectrograms, labelsOutput]

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        if let range = configuration[Self.range] {
            guard range.count == 2, range[0] < range[1] else {
                throw ConfigurationErrors("range", "give the lowest and the highest rating, such as [2, 8].")
            }
            guard configuration[Self.ratings] != .near else {
                throw ConfigurationErrors(
                    "range", "`labels: near` takes the ratings of training songs; remove `range`.")
            }
        }
    }

    package var resources: Resources { Resources(cores: .all) }
    package var drawsRandomNumbers: Bool { configuration[Self.seed] == nil }
    package var continuesOver: Set<String> { ["count"] }

    package var length: Int? { configuration[Self.count] }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        [Self.spectrograms: Amount(items: Double(configuration[Self.count]))]
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        let keep = configuration[Self.keep], wanted = Double(configuration[Self.count])
        let candidates = keep == .all ? wanted : wanted / configuration[Self.share] + Double(Synthesis.reference)
        var amounts = ["spectrograms": candidates]
        // The time is roughly proportional to the generator's size.
        if let bytes = inputs[Self.generator]?.bytes, bytes > 0 { amounts["values"] = candidates * bytes }
        return Workload(amounts, pace: keep.rawValue)
    }

    package func run(_ context: StageContext) throws { try Synthesis(context, configuration).run() }
}
