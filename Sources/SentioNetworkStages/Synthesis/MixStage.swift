package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Builds a training set of real songs and synthetic items in a given ratio.
///
/// With n real training songs and ratio r (n · r rounded):
/// - `add`: all n songs and r · n items. The study's method; the set grows, so compare at equal steps (`epoch_size:
///   real`).
/// - `fixed-total`: n in all, of which a fraction r / (1 + r) are items: r items per remaining song. Tests whether a
///   synthetic song is worth a real one at equal set size.
/// - `replace`: the same items that `add` takes, each replacing a real song; r is at most 1, where no real song is left
///   (Shmelkov et al. 2018, "How good is my GAN?": train on synthetic, test on real). Tests what the items are worth on
///   their own.
///
/// With `stratify: quadrant` items and songs are taken so that quadrants of the rating plane (the first two dimensions,
/// cut at the middle of the scale) keep the real songs' proportions, by Webster's divisor method, which never takes
/// back a seat as the total grows. The sets are therefore nested: the items of ratio 0.25 are among those of 0.5, and
/// the songs of 0.5 among those of 0.25. Within a quadrant the order is that of a hash of `seed` and the item's
/// content.
///
/// Output `training`: songs with the same content and ids as on `real`, items with their ratings. Each keeps its own
/// lineage: for items, the generator's training songs. Throws `StageFailure`. Deterministic.
package struct MixStage: Stage {
    package static let kind = "mix"
    package static let version = 1
    package static let summary = "Mixes real training songs and synthetic spectrograms in a ratio."

    /// What happens to the real songs.
    enum Mode: String, ParameterChoice {
        case add, replace
        case fixedTotal = "fixed-total"
    }

    /// The strata that keep their proportions.
    enum Stratify: String, ParameterChoice { case none, quadrant }

    static let ratio = Parameter<Double>(
        "ratio", default: nil, in: 0...1000,
        "Synthetic items per real training song; with `fixed-total`, per song that remains; with `replace`, at most 1."
    )
    static let mode = Parameter(
        "mode", default: Mode.add,
        "add: items in addition to all songs; fixed-total: items and remaining songs together number as many as the "
            + "songs; replace: each item of `add` replaces a song.",
        source: "Sentio study")
    static let stratify = Parameter<Stratify?>(
        "stratify", default: .some(nil),
        "quadrant: each quadrant of the rating plane keeps its share, which needs `labels`; null: quadrant if `labels` "
            + "is connected."
    )
    static let seed = Parameter<Int?>(
        "seed", default: .some(0),
        "Seed of the order in which songs and items are taken, the same in every arm of an ablation; null: the run's "
            + "and the stage's.")

    package static let parameters: [any ParameterDefinition] = [ratio, mode, stratify, FitOn.parameter, seed]
    static let real = InputPort("real", .spectrograms, "Spectrograms of songs.")
    static let synthetic = InputPort(
        "synthetic", .labelledSpectrograms, "Synthetic spectrograms with their ratings.")
    static let split = InputPort("split", .split, "Which songs are training songs.")
    static let labels = InputPort(
        "labels", .labels, isRequired: false, "Ratings of songs, for `stratify: quadrant`.")
    package static let inputs = [real, synthetic, split, labels]
    static let training = OutputPort("training", .labelledSpectrograms, "The training set, for a network.")
    package static let outputs = [training]

    private let configuration: Configuration
    private let fitOn: [SplitSet]

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        fitOn = try FitOn.sets(configuration)
        if configuration[Self.mode] == .replace, configuration[Self.ratio] > 1 {
            throw ConfigurationErrors(
                "ratio",
                "with `mode: replace` each item replaces a song, so the ratio is at most 1; use `add` or `fixed-total` "
                    + "for more."
            )
        }
    }

    package var drawsRandomNumbers: Bool { configuration[Self.seed] == nil }

    package func amounts(from inputs: PortMap<Amount>) -> [OutputPort: Amount] {
        guard let all = inputs[Self.real], let made = inputs[Self.synthetic] else { return [:] }
        let mode = configuration[Self.mode]
        let songs = (TrainingWork.trainingShare * all.items).rounded()
        let items = mode == .fixedTotal ? songs : min(songs * configuration[Self.ratio], made.items).rounded()
        let total = mode == .add ? songs + items : songs
        return [
            Self.training: Amount(
                items: total, bytes: all.bytesPerItem.map { $0 * total }, attributes: all.attributes)
        ]
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        Workload(["items": (inputs[Self.real]?.items ?? 0) + (inputs[Self.synthetic]?.items ?? 0)], pace: "")
    }

    package func run(_ context: StageContext) throws {
        let real = context.collection(Self.real), synthetic = context.collection(Self.synthetic)
        let ratings = try SyntheticRatings(synthetic)
        let labels = context.isConnected(Self.labels) ? try context.table(Self.labels) : nil
        let songs = try trainingSongs(real, labels, context)
        if let clash = synthetic.ids.first(where: real.contains) {
            throw StageFailure(
                "`\(clash)` names a song on `real` and an item on `synthetic`. Rename one of them.")
        }
        let quadrants = try quadrants(songs, ratings, labels)
        let seed = configuration[Self.seed].map { UInt64(bitPattern: Int64($0)) } ?? context.seed
        let plan = MixPlan(
            songs: try songs.map { ($0, try real.content($0)) },
            items: try synthetic.ids.map { ($0, try synthetic.content($0)) },
            quadrant: quadrants, seed: seed)
        for (quadrant, count) in plan.idle {
            context.services.warn(
                "No real training song has \(quadrant.text), so its \(count) synthetic items are not used either.")
        }
        let chosen = try plan.choose(ratio: configuration[Self.ratio], mode: configuration[Self.mode])

        // The choice of items depends on the songs' ratings, if they were read.
        let seen = context.lineage()
        let taken = try chosen.items.map { id in
            var entry = try synthetic.handOn(id)
            entry.fitted = 0
            return entry
        }
        let entries = try chosen.songs.map { try real.handOn($0) } + taken
        var attributes = real.attributes
        attributes.merge(ratings.attributes(of: chosen.items)) { $1 }
        try context.writeCollection(
            Self.training, entries, fittedSets: [seen], fitted: Lineage(), attributes: attributes)
        report(chosen, all: songs.count, quadrants, context)
    }

    private func trainingSongs(_ real: InputCollection, _ labels: InputTable?, _ context: StageContext) throws
        -> [String]
    {
        let wanted = try SplitTable(try context.table(Self.split)).songs(in: fitOn)
        let songs = wanted.filter { real.contains($0) && labels?.contains($0) ?? true }
        guard !songs.isEmpty else {
            throw StageFailure(
                "The split leaves no training song\(labels == nil ? "" : " with ratings") on `real` to mix."
            )
        }
        let absent = wanted.filter { !real.contains($0) || !(labels?.contains($0) ?? true) }
        if !absent.isEmpty {
            context.services.warn(
                "\(IDList.songs(absent.count)) of the split without spectrogram or labels left out: "
                    + "\(IDList.text(absent))."
            )
        }
        return songs
    }

    /// The quadrant of each song and item; nil without stratification.
    private func quadrants(_ songs: [String], _ ratings: SyntheticRatings, _ labels: InputTable?) throws -> [String:
        Quadrant]?
    {
        guard configuration[Self.stratify] ?? (labels == nil ? .none : .quadrant) == .quadrant else { return nil }
        guard let labels else {
            throw StageFailure(
                "`stratify: quadrant` needs the ratings of songs: connect `labels`, or set `stratify: none`.")
        }
        let dimensions = LabelTable.dimensions(labels.attributes),
            scale = try LabelTable.scale(labels.attributes, port: Self.labels)
        try ratings.require(dimensions: dimensions, scale: scale)
        guard dimensions.count >= 2 else {
            throw StageFailure(
                "`stratify: quadrant` needs two rated dimensions; the labels have only \(dimensions.joined()). Set "
                    + "`stratify: none`."
            )
        }
        let plane = Array(dimensions.prefix(2)), middle = (scale.lowerBound + scale.upperBound) / 2
        let cells = try labels.matrix(for: songs, columns: plane)
        var found: [String: Quadrant] = [:]
        for (index, song) in songs.enumerated() {
            found[song] = Quadrant(isHigh: [cells[index, 0] >= middle, cells[index, 1] >= middle], dimensions: plane)
        }
        for (id, values) in ratings.values {
            found[id] = Quadrant(
                isHigh: plane.compactMap { ratings.place(of: $0) }.map { values[$0] >= middle }, dimensions: plane)
        }
        return found
    }

    private func report(_ chosen: MixPlan.Choice, all: Int, _ quadrants: [String: Quadrant]?, _ context: StageContext) {
        let (real, synthetic) = (chosen.songs.count, chosen.items.count)
        context.services.metric("songs.real", Double(real))
        context.services.metric("items.synthetic", Double(synthetic))
        context.services.metric("share.synthetic", Double(synthetic) / Double(real + synthetic))
        if real > 0 { context.services.metric("ratio.achieved", Double(synthetic) / Double(real)) }
        context.services.log("\(real) of \(all) real training songs, \(synthetic) synthetic items")
        guard let quadrants else { return }
        for quadrant in Set(quadrants.values).sorted() {
            let counts = [chosen.songs, chosen.items].map { $0.count { quadrants[$0] == quadrant } }
            context.services.metric("real.\(quadrant.name)", Double(counts[0]))
            context.services.metric("synthetic.\(quadrant.name)", Double(counts[1]))
            if counts[0] + counts[1] == 0 { continue }
            context.services.log("\(quadrant.text): \(counts[0]) real, \(counts[1]) synthetic")
        }
    }
}
