package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Support vector regression (epsilon-SVR) from features to ratings, one machine per dimension.
///
/// `c`, `gamma` and `epsilon` each take a number or a list; from lists, each dimension gets the combination with the
/// smallest error in an inner cross-validation of the training songs, whose folds keep the split's groups together.
/// Fits scaler and machines on training songs only, then predicts every song of the split. Outputs: `model`, LIBSVM's
/// text for each dimension and `svr.json` (see `SVRModelFiles`); `predictions` in rating units. Metrics: the
/// settings, `steps.valence`, `support_vectors.valence`, `train.valence.r2`, `cv.valence.mse`. Throws `LearnError` or
/// `StageFailure` as sentences. Deterministic.
package struct SVRStage: Stage {
    package static let kind = "svr"
    package static let version = 1
    package static let summary =
        "Support vector regression from features to ratings; C, gamma and epsilon fixed or chosen by inner "
        + "cross-validation."

    /// One of the kernels that SentioLearn lists.
    struct Kernel: ParameterValue {
        let choice: SVRKernelChoice

        init(_ choice: SVRKernelChoice) { self.choice = choice }

        init?(parameter value: Value) {
            guard let choice = value.string.flatMap({ SVRKernelChoice(name: $0) }) else { return nil }
            self.choice = choice
        }

        var parameterValue: Value { .string(choice.name) }
        static var accepted: String { "one of " + SVRKernelChoice.names.joined(separator: ", ") }
        static var schema: Value { ["enum": .list(SVRKernelChoice.names.map { .string($0) })] }
    }

    static let kernel = Parameter("kernel", default: Kernel(.rbf()), "Kernel function.", source: "scikit-learn")
    static let c = Parameter(
        "c", default: [1.0], in: 1e-9...1e9, "Cost of an error outside the tube, or a list to choose from.",
        source: "scikit-learn")
    static let gamma = Parameter(
        "gamma", default: [GammaChoice(.scale)],
        "Kernel coefficient, or a list to choose from; scale: 1 / (features × variance of the scaled features); "
            + "auto: 1 / features.",
        source: "scikit-learn")
    static let epsilon = Parameter(
        "epsilon", default: [0.1], in: 0...1e6,
        "Half-width of the tube within which errors cost nothing, or a list to choose from.",
        unit: "rating units", source: "scikit-learn")
    static let degree = Parameter(
        "degree", default: 3, in: 1...20, "Degree of the `poly` kernel.", source: "scikit-learn")
    static let offset = Parameter(
        "coef0", default: 0.0, in: -1e6...1e6, "Constant term of the `poly` and `sigmoid` kernels.",
        source: "scikit-learn")
    static let folds = Parameter(
        "folds", default: 5, in: 2...1000, "Folds of the inner cross-validation.", source: "scikit-learn")
    static let tolerance = Parameter(
        "tolerance", default: 1e-3, in: 1e-12...1, "Stopping tolerance of the optimization.", source: "LIBSVM")
    static let maxIterations = Parameter(
        "max_iter", default: 0, in: 0...1e12,
        "Maximum number of optimization steps; 0: 10 million, or 100 per song.", unit: "steps",
        source: "LIBSVM")
    static let scaler = Parameter(
        "scaler", default: ScalerChoice.standard, ScalerChoice.summary, source: "scikit-learn's usual pipeline")
    static let cache = Parameter(
        "cache_mb", default: 200, in: 0...1_000_000, "Memory for cached kernel values.", unit: "MB",
        source: "scikit-learn",
        isIdentity: false)

    static let contextSlopes = Parameter(
        "context_slopes", default: SVRGrid.defaultSlopes, in: 0...1e6,
        "With a `context`: kernel values between songs of different contexts are divided by 1 + this, or a list to "
            + "choose from; 0: contexts make no difference.",
        source: "496 songs of three datasets", keepsDefaultInKey: false)

    /// The model's files.
    static let modelType = ArtifactType("svr-model", form: .files)

    package static let parameters: [any ParameterDefinition] = [
        kernel, c, gamma, epsilon, degree, offset, folds, tolerance, maxIterations, scaler, FitOn.parameter, cache,
        ContextColumn.parameter, contextSlopes, Calibration.parameter,
    ]
    package static let inputs = LearningTask.inputs
    static let model = OutputPort(
        "model", modelType,
        "One machine per dimension in LIBSVM's format; svr.json: scaler, names, how settings were chosen.")
    package static let outputs = [model, LearningTask.predictions]
    package static let application = LearningTask.application(model)

    package var outputs: [OutputPort] { Self.outputs + calibration.outputs }

    private let configuration: Configuration
    private let svr: SVR
    private let fitOn: [SplitSet]
    private let calibration: Calibration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let grid = SVRGrid(
            cs: configuration[Self.c], gammas: configuration[Self.gamma].map(\.gamma),
            epsilons: configuration[Self.epsilon],
            slopes: configuration[ContextColumn.parameter] == nil ? [] : configuration[Self.contextSlopes])
        for (name, isEmpty) in [
            ("c", grid.cs.isEmpty), ("gamma", grid.gammas.isEmpty), ("epsilon", grid.epsilons.isEmpty),
            (Self.contextSlopes.name, configuration[Self.contextSlopes].isEmpty),
        ] where isEmpty {
            throw ConfigurationErrors(name, "give at least one value.")
        }
        if configuration[ContextColumn.parameter] == nil, configuration[Self.contextSlopes] != SVRGrid.defaultSlopes {
            throw ConfigurationErrors(
                Self.contextSlopes.name, "it applies only with a `context`; set `context`, or remove this parameter.")
        }
        let count = grid.candidates.count
        guard count <= 10_000 else {
            throw ConfigurationErrors("c", "\(count) combinations of \(Self.choices(grid)) are too many to try.")
        }
        let kernel = configuration[Self.kernel].choice.with(
            degree: configuration[Self.degree], offset: configuration[Self.offset])
        let maxIterations = configuration[Self.maxIterations]
        svr = SVR(
            scaler: configuration[Self.scaler].method, kernel: kernel, grid: grid,
            tolerance: configuration[Self.tolerance],
            cacheBytes: configuration[Self.cache] * 1_000_000, stepLimit: maxIterations > 0 ? maxIterations : nil)
        fitOn = try FitOn.sets(configuration)
        calibration = try Calibration(configuration)
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        let songs = inputs[LearningTask.features]?.items ?? 0
        return Workload(["pairs": songs * songs])
    }

    package func run(_ context: StageContext) throws {
        let task = try LearningTask(context, fitOn: fitOn, contextColumn: configuration[ContextColumn.parameter])
        let training = try task.trainingSet()
        var method = try svr(training)
        method.targetUnits = LabelTable.units(task.labels.attributes)
        let fit = try method.fit(
            features: training.features, targets: training.targets, featureNames: training.featureNames,
            targetNames: training.dimensions, songs: training.songs, contexts: training.contexts)
        // Songs read from here on are only predicted: the model has seen what the ledger holds now.
        let seen = context.lineage()
        let files = try SVRModelFiles.encode(fit, trainingSongs: training.songs.count)
        try context.writeFiles(Self.model, try files.map { ($0.name, try context.store($0.bytes)) }, lineage: seen)
        try task.reportTraining(
            try fit.model.predict(training.features, songs: training.songs, contexts: training.contexts), training)
        SVRReport(fit: fit, grid: svr.grid).write(context)
        try calibration.write(training, seen: seen, context) { try predict($1, fittedOn: $0, like: fit) }
        try task.writePredictions(seen: seen, levels: training.contexts?.levels) {
            try fit.model.predict($0, songs: $1, contexts: $2)
        }
    }

    /// Predictions by fits with the settings that a fit has for each dimension.
    private func predict(_ held: TrainingSet, fittedOn fitted: TrainingSet, like fit: SVRFit) throws -> Matrix {
        try Calibration.columns(fit.settings.count) { target in
            let setting = fit.settings[target]
            let grid = SVRGrid(
                cs: [setting.c], gammas: [setting.gamma], epsilons: [setting.epsilon],
                slopes: setting.slope.map { [$0] } ?? [])
            let machine = SVR(
                scaler: svr.scaler, kernel: svr.kernel, grid: grid, tolerance: svr.tolerance,
                cacheBytes: svr.cacheBytes, stepLimit: svr.stepLimit)
            let model = try machine.fit(
                features: fitted.features, targets: Matrix(column: fitted.targets.column(target)),
                featureNames: fitted.featureNames, targetNames: [fitted.dimensions[target]], songs: fitted.songs,
                contexts: fitted.contexts
            ).model
            return try model.predict(held.features, songs: held.songs, contexts: held.contexts).column(0)
        }
    }

    /// Names of the settings that a grid chooses, for messages.
    private static func choices(_ grid: SVRGrid) -> String {
        grid.slopes.isEmpty ? "c, gamma and epsilon" : "c, gamma, epsilon and context_slopes"
    }

    /// The method with inner folds that keep the split's groups together, where there is something to choose.
    private func svr(_ training: TrainingSet) throws -> SVR {
        guard svr.grid.candidates.count > 1 else { return svr }
        return SVR(
            scaler: svr.scaler, kernel: svr.kernel, grid: svr.grid,
            folds: try training.innerFolds(
                configuration[Self.folds], choosing: Self.choices(svr.grid), unlessGiven: "one value of each"),
            tolerance: svr.tolerance, cacheBytes: svr.cacheBytes, stepLimit: svr.stepLimit)
    }
}
