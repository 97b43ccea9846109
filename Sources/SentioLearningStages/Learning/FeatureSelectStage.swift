import SentioBase
package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Selects features and imputes missing values, fitted on the training songs of the split.
///
/// Everything is off by default; the features then pass through unchanged, and no song counts as seen. Otherwise every
/// output row depends on the training songs, and its lineage tells the leakage guard so. Columns without any value in
/// training are dropped with a warning. The log lists what was dropped and why; the metrics count it.
/// Output: the selected features of all songs of the split. Throws `StageFailure`, `LearnError`. Deterministic.
package struct FeatureSelectStage: Stage {
    package static let kind = "feature-select"
    package static let version = 1
    package static let summary =
        "Selects features by variance and correlation and imputes missing values, fitted on the training songs only."

    /// What replaces a missing value.
    enum Impute: String, ParameterChoice { case none, mean, median }

    static let impute = Parameter(
        "impute", default: Impute.none,
        "What replaces a missing value: none, or the mean or median over the training songs.")
    static let minVariance = Parameter<Double?>(
        "min_variance", default: .some(nil), in: 0...1e300,
        "Drop features whose variance does not exceed this; 0: drop constant features; null: keep all.",
        source: "scikit-learn")
    static let maxCorrelation = Parameter<Double?>(
        "max_correlation", default: .some(nil), in: 0...1,
        "Drop the later of two features whose absolute correlation exceeds this; null: keep all.")
    static let top = Parameter(
        "top", default: 0, in: 0...1_000_000,
        "Keep only this many features, those that correlate most with a rated dimension; 0: all; needs `labels`.",
        unit: "features")

    package static let parameters: [any ParameterDefinition] = [
        impute, minVariance, maxCorrelation, top, FitOn.parameter,
    ]
    static let features = InputPort("features", anyOf: [.features, .featureTable], "One vector per song.")
    static let split = InputPort("split", .split, "Which songs to fit the selection on.")
    static let labels = InputPort("labels", .labels, isRequired: false, "Ratings; needed only for `top`.")
    package static let inputs = [features, split, labels]
    static let featuresOutput = OutputPort(
        "features", .featureTable, "The selected features of all songs of the split.")
    package static let outputs = [featuresOutput]
    /// The model behind it names the features that it was fitted on.
    package static let application = Application.passThrough(features)

    private let selection: FeatureSelection
    private let fitOn: [SplitSet]

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        let filling: FeatureSelection.Filling =
            switch configuration[Self.impute] {
            case .none: .none
            case .mean: .mean
            case .median: .median
            }
        let top = configuration[Self.top]
        selection = FeatureSelection(
            filling: filling, minVariance: configuration[Self.minVariance],
            maxCorrelation: configuration[Self.maxCorrelation],
            top: top > 0 ? top : nil)
        fitOn = try FitOn.sets(configuration)
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.features]) }

    package func run(_ context: StageContext) throws {
        let split = try SplitTable(try context.table(Self.split))
        let features = try FeatureTable(context, Self.features)
        let known = split.ids.filter { features.contains($0) }
        let absent = split.ids.filter { !features.contains($0) }
        if !absent.isEmpty {
            let hint = SongForm(features.ids).hint(absent)
            context.services.warn(
                "Left out \(IDList.songs(absent.count)) of the split without features: \(IDList.text(absent)).\(hint)")
        }
        let wanted = Set(split.songs(in: fitOn))
        let (fitted, names) = try fit(known.filter { wanted.contains($0) }, features, context)
        // With everything off, nothing was fitted on the training songs.
        let seen = selection.isNothing ? Lineage() : context.lineage()
        let chosen = fitted.transform(try features.read(known))
        try context.writeNumbers(
            Self.featuresOutput, NumberTable(columns: names, ids: known, values: chosen.values), fitted: seen)
        let missing = chosen.values.count { $0.isNaN }
        context.services.metric("features.kept", Double(names.count))
        context.services.metric("features.dropped", Double(fitted.dropped.count))
        context.services.metric("values.missing", Double(missing))
    }

    private func fit(
        _ training: [String], _ features: FeatureTable, _ context: StageContext
    ) throws -> (FittedSelection, names: [String]) {
        let names = features.columns
        if selection.isNothing { return (.everything(columns: names.count), names) }
        guard !training.isEmpty else {
            throw StageFailure("The split has no training song with features to fit the selection on.")
        }
        let table = try features.read(training)
        let fitted = try selection.fit(features: table, targets: try targets(training, context))
        report(fitted, names, context)
        guard !fitted.kept.isEmpty else {
            throw StageFailure(
                "None of the \(names.count) features remains. Lower `min_variance`, or check the feature table.")
        }
        return (fitted, fitted.kept.map { names[$0] })
    }

    private func targets(_ training: [String], _ context: StageContext) throws -> Matrix? {
        guard selection.top != nil else { return nil }
        guard context.isConnected(Self.labels) else {
            throw StageFailure(
                "`top` ranks features by their correlation with the ratings; connect `labels` under `in:` of "
                    + "\(context.stage).")
        }
        let labels = try context.table(Self.labels)
        return try labels.matrix(for: training, columns: LabelTable.dimensions(labels.attributes))
    }

    private func report(_ fitted: FittedSelection, _ names: [String], _ context: StageContext) {
        let empty = fitted.dropped.filter { $0.reason == .noValues }.map { names[$0.column] }
        if !empty.isEmpty {
            context.services.warn(
                "\(empty.count == 1 ? "1 feature has" : "\(empty.count) features have") no value in any training song "
                    + "and "
                    + "\(empty.count == 1 ? "is" : "are") dropped: \(IDList.text(empty)).")
        }
        for drop in fitted.dropped {
            switch drop.reason {
            case .noValues: break
            case .variance(let variance):
                context.services.log("dropped \(names[drop.column]): variance \(NumberText.short(variance))")
            case .correlation(let r, let twin):
                context.services.log(
                    "dropped \(names[drop.column]): correlation \(NumberText.rounded(r, to: 3)) with \(names[twin])")
            case .weak(let r):
                context.services.log(
                    "dropped \(names[drop.column]): correlation of at most \(NumberText.rounded(r, to: 3)) with a "
                        + "rating"
                )
            }
        }
    }
}
