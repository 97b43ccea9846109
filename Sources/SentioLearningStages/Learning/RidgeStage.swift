import Foundation
package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Ridge regression from features to ratings; one penalty per dimension, given or chosen by inner cross-validation.
///
/// Fits scaler and model on training songs only, then predicts every song of the split. Inner folds keep the split's
/// groups together. With a `context`, each context has coefficients and an intercept of its own in addition to the
/// common ones (`RidgeContext`). Outputs: `model`, JSON (see `RidgeModelFile`), and `predictions` in rating units.
/// Throws `LearnError` or `StageFailure` as sentences. Deterministic for one number of BLAS threads.
package struct RidgeStage: Stage {
    package static let kind = "ridge"
    package static let version = 1
    package static let summary =
        "Ridge regression from features to ratings, the penalty fixed or chosen by inner cross-validation."

    /// How the penalty is chosen.
    enum Selection: String, ParameterChoice { case cv, gcv }

    static let alpha = Parameter<Double?>(
        "alpha", default: .some(nil), in: 0...1e12, "Penalty; null: chosen from `alphas` for each dimension.")
    static let alphas = Parameter(
        "alphas", default: RidgeAlpha.defaultGrid, in: 0...1e12, "Penalties to choose from.",
        source: "two a decade from 0.01 to 10,000")
    static let selection = Parameter(
        "selection", default: Selection.cv,
        "How alpha is chosen: cv, by inner cross-validation that keeps groups together; gcv, by closed-form "
            + "leave-one-out (fast, but ignores groups).",
        source: "scikit-learn")
    static let folds = Parameter(
        "folds", default: 5, in: 2...1000, "Folds of the inner cross-validation.", source: "scikit-learn")
    static let scaler = Parameter(
        "scaler", default: ScalerChoice.standard, ScalerChoice.summary, source: "scikit-learn")

    static let contextSlopes = Parameter(
        "context_slopes", default: ContextGrid.defaultSlopes, in: 0...1e6,
        "With a `context`: how much the coefficients of a context may differ from the common ones, as values to "
            + "choose from; 0: not at all; a large value is close to a separate model per context.",
        source: "496 songs of three datasets", keepsDefaultInKey: false)
    static let contextOffsets = Parameter(
        "context_offsets", default: ContextGrid.defaultOffsets, in: 0...1e6,
        "With a `context`: how much the intercept of a context may differ, relative to all features together, as "
            + "values to choose from.",
        source: "496 songs of three datasets", keepsDefaultInKey: false)

    /// The model's file.
    static let modelType = ArtifactType("ridge-model", form: .files)

    package static let parameters: [any ParameterDefinition] = [
        alpha, alphas, selection, folds, scaler, FitOn.parameter, ContextColumn.parameter, contextSlopes,
        contextOffsets, Calibration.parameter,
    ]
    package static let inputs = LearningTask.inputs
    static let model = OutputPort(
        "model", modelType, "Coefficients, scaler and how the penalty was chosen, as JSON.")
    package static let outputs = [model, LearningTask.predictions]
    package static let application = LearningTask.application(model)

    package var outputs: [OutputPort] { Self.outputs + calibration.outputs }

    private let configuration: Configuration
    private let fitOn: [SplitSet]
    private let calibration: Calibration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        if configuration[Self.alpha] == nil, configuration[Self.alphas].isEmpty {
            throw ConfigurationErrors("alphas", "give at least one penalty, or set `alpha`.")
        }
        for (name, values, usual) in [
            (Self.contextSlopes.name, configuration[Self.contextSlopes], ContextGrid.defaultSlopes),
            (Self.contextOffsets.name, configuration[Self.contextOffsets], ContextGrid.defaultOffsets),
        ] {
            if values.isEmpty { throw ConfigurationErrors(name, "give at least one value.") }
            if configuration[ContextColumn.parameter] == nil, values != usual {
                throw ConfigurationErrors(
                    name, "it applies only with a `context`; set `context`, or remove this parameter.")
            }
        }
        fitOn = try FitOn.sets(configuration)
        calibration = try Calibration(configuration)
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        // Time grows with the square of the songs where there are fewer songs than features, otherwise linearly.
        let songs = inputs[LearningTask.features]?.items ?? 0
        return Workload(["songs": songs, "pairs": songs * songs])
    }

    package func run(_ context: StageContext) throws {
        let task = try LearningTask(context, fitOn: fitOn, contextColumn: configuration[ContextColumn.parameter])
        let training = try task.trainingSet()
        let fit = try ridge(training).fit(
            features: training.features, targets: training.targets, featureNames: training.featureNames,
            targetNames: training.dimensions, songs: training.songs, contexts: training.contexts)
        // Songs read from here on are only predicted: the model has seen what the ledger holds now.
        let seen = context.lineage()
        try context.write(
            Self.model, file: RidgeModelFile.name, try RidgeModelFile.encode(fit, trainingSongs: training.songs.count),
            lineage: seen)
        try task.reportTraining(
            try fit.model.predict(training.features, songs: training.songs, contexts: training.contexts), training)
        report(fit, context)
        try calibration.write(training, seen: seen, context) { try predict($1, fittedOn: $0, like: fit.model) }
        try task.writePredictions(seen: seen, levels: training.contexts?.levels) {
            try fit.model.predict($0, songs: $1, contexts: $2)
        }
    }

    /// The method with inner folds that keep the split's groups together.
    private func ridge(_ training: TrainingSet) throws -> Ridge {
        let scaler = configuration[Self.scaler].method, given = configuration[Self.alpha]
        let alphas = given.map { [$0] } ?? configuration[Self.alphas]
        let grid = ContextGrid(
            slopes: configuration[Self.contextSlopes], offsets: configuration[Self.contextOffsets])
        let choosesContext = training.contexts != nil && grid.slopes.count * grid.offsets.count > 1
        if let given, !choosesContext { return Ridge(scaler: scaler, alpha: .fixed(given), contextGrid: grid) }
        if configuration[Self.selection] == .gcv {
            return Ridge(scaler: scaler, alpha: .leaveOneOut(grid: alphas), contextGrid: grid)
        }
        let folds = try training.innerFolds(
            configuration[Self.folds], choosing: choosesContext ? "alpha and the context weights" : "alpha",
            unlessGiven: choosesContext
                ? "one value each for `alpha`, `context_slopes` and `context_offsets`" : "`alpha`")
        return Ridge(scaler: scaler, alpha: .chosen(grid: alphas, folds: folds), contextGrid: grid)
    }

    /// Predictions by fits with the penalty and the context weights that a model has for each dimension.
    private func predict(_ held: TrainingSet, fittedOn fitted: TrainingSet, like model: RidgeModel) throws -> Matrix {
        try Calibration.columns(model.targets.count) { target in
            let grid = model.context.map {
                ContextGrid(slopes: [$0.weights[target].slope], offsets: [$0.weights[target].offset])
            }
            let ridge = Ridge(
                scaler: configuration[Self.scaler].method, alpha: .fixed(model.alphas[target]),
                contextGrid: grid ?? ContextGrid())
            let fit = try ridge.fit(
                features: fitted.features, targets: Matrix(column: fitted.targets.column(target)),
                featureNames: fitted.featureNames, targetNames: [model.targets[target]], songs: fitted.songs,
                contexts: fitted.contexts)
            return try fit.model.predict(held.features, songs: held.songs, contexts: held.contexts).column(0)
        }
    }

    private func report(_ fit: RidgeFit, _ context: StageContext) {
        for (dimension, alpha) in zip(fit.model.targets, fit.model.alphas) {
            context.services.metric("alpha.\(dimension)", alpha)
        }
        for (dimension, weights) in zip(fit.model.targets, fit.model.context?.weights ?? []) {
            context.services.metric("context_slope.\(dimension)", weights.slope)
            context.services.metric("context_offset.\(dimension)", weights.offset)
        }
        guard let choice = fit.choice else { return }
        GridEdge(parameter: "alphas", least: 0).check(
            zip(fit.model.alphas, fit.model.targets).map { (value: $0, of: $1) }, grid: choice.grid, context.services)
    }
}
