import Foundation
public import SentioKit
import SentioLearn
import SentioNumerics

/// Ridge regression from features to ratings; one penalty a dimension, given or chosen by inner cross-validation.
///
/// Scaler and model are fitted on training songs only; then every song of the split is predicted. Inner folds keep the
/// split's groups together. Outputs: `model`, JSON (see `RidgeModelFile`), and `predictions` in rating units.
/// Throws `LearnError` or `StageFailure` as sentences. Deterministic for one number of BLAS threads.
public struct RidgeStage: Stage {
    public static let kind = "ridge"
    public static let version = 1
    public static let summary = "Ridge regression from features to ratings, the penalty fixed or chosen by inner cross-validation."

    /// How features are scaled before the fit.
    public enum ScalerChoice: String, ParameterChoice {
        case none, standard, robust
        case signLog = "sign-log"
        case quantile
    }

    /// Which songs the model may see.
    public enum FitOn: String, ParameterChoice { case train, validation }

    static let alpha = Parameter<Double?>(
        "alpha", default: .some(nil), in: 0...1e12, "The penalty; null: chosen among `alphas` for each dimension.")
    static let alphas = Parameter(
        "alphas", default: RidgeAlpha.defaultGrid, in: 0...1e12, "Penalties to choose from.", source: "two a decade from 0.01 to 10,000")
    static let folds = Parameter("folds", default: 5, in: 2...1000, "Folds of the inner cross-validation.", source: "scikit-learn")
    static let scaler = Parameter(
        "scaler", default: ScalerChoice.standard,
        "Fitted on the training songs: none; standard; robust, median and quartiles with outliers cut; sign-log; quantile.",
        source: "scikit-learn")
    static let fitOn = Parameter(
        "fit_on", default: [FitOn.train], "Sets of the split that the model is fitted on: train, or train and validation.")

    /// The model's file.
    static let modelType = ArtifactType("ridge-model", form: .files)

    public static let parameters: [any ParameterDefinition] = [alpha, alphas, folds, scaler, fitOn]
    public static let inputs = [
        InputPort("features", .features, isRequired: true, "One vector a song."),
        InputPort("labels", .labels, isRequired: true, "Ratings."),
        InputPort("split", .split, isRequired: true, "Which songs to train on."),
    ]
    public static let outputs = [
        OutputPort("model", modelType, "Coefficients, scaler and how the penalty was chosen, as JSON."),
        OutputPort("predictions", .predictions, "Predicted ratings of all songs of the split."),
    ]

    private let method: Ridge
    private let scaler: ScalerMethod
    private let alpha: Double?
    private let alphas: [Double]
    private let folds: Int
    private let fitOn: [SplitSet]

    public init(_ configuration: Configuration) throws(ConfigurationErrors) {
        alpha = configuration[Self.alpha]
        alphas = configuration[Self.alphas]
        folds = configuration[Self.folds]
        if alpha == nil, alphas.isEmpty { throw ConfigurationErrors("alphas", "name at least one penalty, or give `alpha`.") }
        switch configuration[Self.scaler] {
        case .none: scaler = .none
        case .standard: scaler = .standard
        case .robust: scaler = .robust()
        case .signLog: scaler = .signLog
        case .quantile: scaler = .quantile()
        }
        let sets = configuration[Self.fitOn]
        guard sets.contains(.train) else { throw ConfigurationErrors("fit_on", "the set `train` must be among them.") }
        fitOn = sets.contains(.validation) ? [.train, .validation] : [.train]
        method = Ridge(scaler: scaler, alpha: alpha.map { .fixed($0) } ?? .chosen(grid: alphas))
    }

    public func run(_ context: StageContext) throws {
        // More threads would split sums differently: the same bits on every machine are worth more than their few milliseconds.
        BLASThreads.set(1)
        let split = try SplitTable(try context.table("split"), port: "split")
        let labels = try context.table("labels")
        let features = try FeatureTable(context, port: "features")
        let dimensions = LabelTable.dimensions(labels.attributes)
        let known = split.ids.filter { features.contains($0) && labels.contains($0) }
        let absent = split.ids.filter { !features.contains($0) || !labels.contains($0) }
        if !absent.isEmpty {
            context.services.warn("\(IDList.songs(absent.count)) of the split without features or labels left out: \(IDList.text(absent)).")
        }
        let wanted = Set(split.songs(in: fitOn))
        let training = known.filter { wanted.contains($0) }
        guard !training.isEmpty else { throw StageFailure("The split leaves no song with features to train on.") }

        let trainingFeatures = try features.read(training)
        let targets = try LabelTable.matrix(
            try labels.rows(for: training, columns: dimensions), songs: training, columns: dimensions, port: "labels")
        let fit = try ridge(training, split).fit(
            features: trainingFeatures, targets: targets, featureNames: features.columns, targetNames: dimensions, songs: training)
        // Everything read from here on is only predicted: the model has seen what the ledger holds now.
        let seen = context.lineage()
        try context.write("model", file: "ridge.json", try RidgeModelFile.encode(fit, trainingSongs: training.count), lineage: seen)
        try report(fit, try fit.model.predict(trainingFeatures, songs: training), targets, context)

        let predictions = try fit.model.predict(try features.read(known), songs: known)
        let rows = known.enumerated().map { index, song in [song] + predictions.row(index).map { "\($0)" } }
        try context.writeTable("predictions", Table(columns: ["song_id"] + dimensions, rows: rows), fitted: seen)
    }

    /// The method with inner folds that keep the split's groups together.
    private func ridge(_ training: [String], _ split: SplitTable) throws -> Ridge {
        guard alpha == nil else { return method }
        let songs = training.map { SplitSong(id: $0, group: split.groups[$0]) }
        do {
            let dealt = try SplitPlanner(songs: songs).folds(count: folds, seed: 0).cvFolds(for: training)
            return Ridge(scaler: scaler, alpha: .chosen(grid: alphas, folds: dealt))
        } catch LearnError.cannotSplit(let reason) {
            throw StageFailure(
                "The inner cross-validation that chooses alpha cannot be dealt: \(reason). Lower `folds`, give `alpha`, or train on more songs."
            )
        }
    }

    private func report(_ fit: RidgeFit, _ predicted: Matrix, _ targets: Matrix, _ context: StageContext) throws {
        let report = try RegressionReport(truth: targets, prediction: predicted, targets: fit.model.targets)
        for (index, dimension) in fit.model.targets.enumerated() {
            context.services.metric("alpha.\(dimension)", fit.model.alphas[index])
            context.services.metric("train.\(dimension).r2", report.scores[index].r2)
        }
        context.services.metric("songs.fitted", Double(targets.rows))
        guard let choice = fit.choice, let smallest = choice.grid.min(), let largest = choice.grid.max(), choice.grid.count > 1 else {
            return
        }
        for (dimension, alpha) in zip(fit.model.targets, fit.model.alphas) where alpha == smallest || alpha == largest {
            let end = alpha == smallest ? "smallest" : "largest"
            context.services.log("alpha for \(dimension) is the \(end) of `alphas`, \(NumberText.short(alpha)); the best may lie beyond.")
        }
    }
}
