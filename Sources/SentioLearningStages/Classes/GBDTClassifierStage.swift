package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Gradient-boosted trees from features to classes, such as genres: XGBoost's `multi:softprob`.
///
/// Fits on training songs only, then predicts the probability of each class for every song of the split. Songs without
/// a class are predicted, but neither fitted nor scored. Missing values need no imputation. Every round grows a tree
/// per class; all classes share rounds, learning rate and depth. From lists of these, an inner cross-validation that
/// keeps the split's groups together chooses by the Brier score, the mean squared error of the probabilities. With
/// `early_stopping_rounds`, the cross-entropy of the validation songs decides, and these count as seen. `context` adds
/// an indicator column per context, as in `gbdt`.
///
/// Outputs: `model`, XGBoost's JSON (`xgboost.Booster().load_model` reads it), `predictions`, `importance`, a CSV
/// table. Throws `LearnError` or `StageFailure` as sentences. Deterministic for one seed, and bit-identical for any
/// number of threads. Defaults as in `gbdt`.
package struct GBDTClassifierStage: Stage {
    package static let kind = "gbdt-classifier"
    package static let version = 1
    package static let summary =
        "Gradient-boosted trees from features to classes such as genres, stored as an XGBoost model; probabilities "
        + "of all classes."

    package static let parameters: [any ParameterDefinition] = [
        ClassColumn.parameter, GBDTStage.rounds, GBDTStage.learningRate, GBDTStage.maxDepth, GBDTStage.maxLeaves,
        GBDTStage.growth, GBDTStage.subsample, GBDTStage.columnsByTree, GBDTStage.columnsByLevel,
        GBDTStage.columnsByNode, GBDTStage.minChildWeight, GBDTStage.gamma, GBDTStage.lambda, GBDTStage.alpha,
        GBDTStage.maxBins, GBDTStage.earlyStopping, FitOn.parameter, GBDTStage.folds, GBDTStage.seed,
        ContextColumn.parameter,
    ]
    package static let inputs = ClassTask.inputs
    static let model = OutputPort(
        "model", GBDTStage.modelType, "The trees as an XGBoost JSON model, with the names of features and classes.")
    static let importance = OutputPort(
        "importance", GBDTStage.importanceType,
        "CSV: weight, gain and cover for each feature and class, as in XGBoost's `get_score`.")
    package static let outputs = [model, ClassTask.predictions, importance]

    private let configuration: Configuration
    private let method: GBDT
    private let search: GBDTSearch
    private let fitOn: [SplitSet]

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        fitOn = try FitOn.sets(configuration)
        search = try GBDTSearch(configuration)
        method = GBDT(configuration)
        if configuration[ClassColumn.parameter].isEmpty {
            throw ConfigurationErrors(ClassColumn.parameter.name, "name a column of the labels.")
        }
        try GBDTStage.check(method, search, fitOn: fitOn)
    }

    package var resources: Resources { Resources(cores: .all) }
    package var drawsRandomNumbers: Bool { configuration[GBDTStage.seed] == nil && method.isSampled }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [LearningTask.features]) }

    package func run(_ context: StageContext) throws {
        let column = configuration[ClassColumn.parameter]
        let task = try ClassTask(
            context, column: column, fitOn: fitOn, contextColumn: configuration[ContextColumn.parameter])
        var method = method
        method.seed = configuration[GBDTStage.seed].map { UInt64(bitPattern: Int64($0)) } ?? context.seed
        let examples = try task.trainingExamples(), classes = examples.classes
        let levels = examples.training.contexts?.levels, training = examples.training.withContextColumns(levels)
        let held =
            method.earlyStoppingRounds > 0
            ? try task.examples(in: [.validation], classes: classes, purpose: "use for early stopping") : nil
        let validation = held.map { (features: $0.training.withContextColumns(levels).features, classes: $0.codes) }
        method = try choose(method, training, context)

        let fit = try method.fitClasses(
            features: training.features, classes: examples.codes, names: classes,
            featureNames: training.featureNames, songs: training.songs, validation: validation,
            threads: context.threads
        ) { round in
            try context.checkCancelled()
            context.services.progress(done: round.round, of: round.rounds, note: "rounds")
            context.services.series("train.\(column).loss", step: round.round, round.trainingLoss[0])
            if let losses = round.validationLoss {
                context.services.series("validation.\(column).loss", step: round.round, losses[0])
            }
        }
        // Songs read from here on are only predicted: the model has seen what the ledger holds now.
        let seen = context.lineage()
        let model = fit.model, rounds = model.margins.rounds
        let attributes = held == nil ? [:] : ["best_iteration": "\(rounds - 1)"]
        try context.write(
            Self.model, file: "model.json", XGBoostModelFile(model.margins, attributes: attributes).encode(),
            lineage: seen)
        try context.write(
            Self.importance, file: "importance.csv", Array(ImportanceTable.make(model.margins).csv.utf8),
            lineage: seen)
        context.services.metric("rounds", Double(rounds))
        if held != nil, rounds == method.rounds {
            context.services.warn(
                "The trees were still improving at the last of \(method.rounds) rounds; more rounds may be better. "
                    + "Raise `rounds`.")
        }
        try task.reportTraining(try model.probabilities(training.features, songs: training.songs), examples)
        try task.writePredictions(seen: seen, classes: classes, levels: levels) { features, songs, contexts in
            try model.probabilities(GBDTStage.columns(features, contexts, levels), songs: songs)
        }
    }

    /// The method with the best depth, rate and rounds, where there is something to choose.
    private func choose(_ method: GBDT, _ training: TrainingSet, _ context: StageContext) throws -> GBDT {
        try search.choose(method, training, context, criterion: "Brier score") { method, part, onRound in
            let codes = (0..<part.targets.rows).map { row in
                part.targets.row(row).enumerated().first { $0.element == 1 }?.offset ?? 0
            }
            let model = try method.fitClasses(
                features: part.features, classes: codes, names: training.dimensions,
                featureNames: training.featureNames, threads: context.threads, onRound: onRound
            ).model
            return { try model.prefix(rounds: $0).probabilities(part.validationFeatures) }
        }
    }
}
