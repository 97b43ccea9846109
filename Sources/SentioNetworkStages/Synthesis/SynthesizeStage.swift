package import SentioKit
import SentioSongStages

/// Makes labelled spectrograms with a trained generator.
///
/// Item n is made of its own random numbers, drawn from the seed and n: the same whatever the count, and growing
/// `count` makes only the new ones. Ratings are uniform or on a grid over the range of the training songs' ratings, or
/// near those of training songs. With `keep`, candidates that the critic takes for fake, or whose ratings cannot be
/// heard, are dropped, by a threshold that the first 256 candidates set.
///
/// Outputs: `spectrograms` in the units of the spectrograms that the generator learned from, with ratings, and
/// `labels`, the ratings as CSV. Items are fitted on the generator's training songs and come from no song themselves.
/// Throws sentences. Deterministic.
package struct SynthesizeStage: Stage {
    package static let kind = "synthesize"
    package static let version = 1
    package static let summary = "Makes labelled spectrograms with a trained generator."

    /// What ratings are asked for.
    enum Ratings: String, ParameterChoice { case uniform, grid, near }
    /// By what candidates are dropped.
    enum Keep: String, ParameterChoice { case all, critic, recovery }

    static let count = Parameter(
        "count", default: 3200, in: 1...10_000_000, "Spectrograms to make.", source: "Sentio study")
    static let ratings = Parameter(
        "labels", default: Ratings.uniform,
        "The ratings asked for: uniform; grid; near, those of training songs with some jitter.",
        source: "Sentio study")
    static let range = Parameter<[Double]?>(
        "range", default: .some(nil),
        "For `uniform` and `grid`: lowest and highest rating of every dimension; null: the range of the training "
            + "songs' ratings.",
        unit: "rating units")
    static let side = Parameter("grid", default: 5, in: 2...1000, "For `grid`: steps of each dimension.")
    static let jitter = Parameter(
        "jitter", default: 0.05, in: 0...1,
        "For `near`: deviation of the ratings from the song's, as a share of half the scale.")
    static let keep = Parameter(
        "keep", default: Keep.all, "all; critic, the ones it finds most real; recovery, those whose ratings are heard.")
    static let share = Parameter(
        "keep_share", default: 0.5, in: 0.01...1, "For `keep`: share of the candidates that stays.")
    static let checkpointSeconds = Parameter(
        "checkpoint_seconds", default: 30.0, in: 0...86_400, "Time between checkpoints.", unit: "s", isIdentity: false)
    static let seed = Parameter<Int?>("seed", default: .some(nil), "Seed of noise and ratings; null: the run's.")

    package static let parameters: [any ParameterDefinition] = [
        count, ratings, range, side, jitter, keep, share, checkpointSeconds, seed,
    ]
    static let generator = InputPort("generator", GANTrainStage.generatorType, "What makes them.")
    static let critic = InputPort("critic", GANTrainStage.criticType, isRequired: false, "For `keep: critic`.")
    static let labels = InputPort("labels", .labels, isRequired: false, "Ratings, for `labels: near`.")
    static let split = InputPort(
        "split", .split, isRequired: false, "Which songs' ratings may be used, for `labels: near`.")
    package static let inputs = [generator, critic, labels, split]
    static let labelsType = ArtifactType("synthetic-labels", form: .files)
    static let spectrograms = OutputPort("spectrograms", .labelledSpectrograms, "One a sample, with its ratings.")
    static let labelsOutput = OutputPort("labels", labelsType, "CSV: the ratings, for people.")
    package static let outputs = [spectrograms, labelsOutput]

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        if let range = configuration[Self.range] {
            guard range.count == 2, range[0] < range[1] else {
                throw ConfigurationErrors("range", "it is the lowest and the highest rating, such as [2, 8].")
            }
            guard configuration[Self.ratings] != .near else {
                throw ConfigurationErrors(
                    "range", "`labels: near` takes the ratings of training songs; give it no range.")
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
        // A generator twice as large takes about twice as long.
        if let bytes = inputs[Self.generator]?.bytes, bytes > 0 { amounts["values"] = candidates * bytes }
        return Workload(amounts, pace: keep.rawValue)
    }

    package func run(_ context: StageContext) throws { try Synthesis(context, configuration).run() }
}
