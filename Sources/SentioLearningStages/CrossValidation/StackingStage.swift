package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// The meta-model of a stack: fitted on out-of-fold predictions of the training songs, it predicts every song from the
/// members that were fitted on all training songs. Part of `stack`.
///
/// Inputs: `labels`, `split`, for each member its `NAME@inner=all`, and for each inner fold its `NAME@inner=0` and
/// `split@inner=0`. The out-of-fold predictions pass the leakage guard: a member that saw songs of its inner fold
/// ends the run with `LeakageError`. Outputs: `model`, JSON with the weights; `predictions` in rating units (those of
/// training songs are in-sample); with `calibrate`, `residuals`. Metrics: `weight.valence.ridge`,
/// `out_of_fold.ridge.valence.r2`… Deterministic.
package struct StackingStage: Stage {
    package static let kind = "stacking"
    package static let version = 1
    package static let summary = "Combines the members of a stack with weights fitted out of fold; part of stack."

    /// How the members are combined.
    enum Meta: String, ParameterChoice {
        case nonnegative, ridge, mean

        var method: Stacking.Method {
            switch self {
            case .nonnegative: .nonnegative
            case .ridge: .ridge
            case .mean: .mean
            }
        }
    }

    static let bases = Parameter<[String]>("bases", default: nil, "The members, in order.")
    static let folds = Parameter("folds", default: 5, in: 0...1000, "Number of inner folds; 0: none, for `meta: mean`.")
    static let meta = Parameter(
        "meta", default: Meta.nonnegative,
        "How members are combined: nonnegative, weights of at least 0 that sum to 1; ridge, ridge regression with an "
            + "intercept; mean, equal weights.",
        source: "Breiman 1996, van der Laan 2007")

    static let calibrates = Parameter(
        "calibrate", default: false,
        "Also write `residuals`, for the intervals of `predict`: out-of-fold predictions of the training songs, each "
            + "blended with weights fitted without its fold.",
        keepsDefaultInKey: false)

    package static let parameters: [any ParameterDefinition] = [bases, folds, meta, calibrates]
    static let labels = InputPort("labels", .labels, "Ratings.")
    static let split = InputPort("split", .split, "Which songs to predict.")
    package static let inputs = [labels, split]
    package static let notation = StageNotation(furtherInputs: .of([.predictions, .split]))
    static let modelType = ArtifactType("stacking-model", form: .files)
    static let model = OutputPort("model", modelType, "Weights of the members, as JSON.")
    static let predictions = OutputPort("predictions", .predictions, "Predicted ratings of all songs of the split.")
    package static let outputs = [model, predictions]
    static let residuals = OutputPort(
        Calibration.residuals.name, Calibration.residualsType,
        "For each training song its ratings and out-of-fold predictions: `DIM_rated`, `DIM_predicted`.")
    /// Of the members' copies, those that were fitted on all training songs rate new songs.
    package static let application = Application.model(
        ModelApplication(model, predictions: predictions, by: ModelAppliers.features) { input in
            input.hasSuffix("@" + FoldLabel.all) ? String(input.dropLast(FoldLabel.all.utf8.count + 1)) : nil
        })

    /// The further inputs: a member's predictions in a copy, and an inner fold's split.
    static func predictions(of base: String, in label: String) -> InputPort {
        InputPort("\(base)@\(label)", .predictions)
    }
    static func split(of label: String) -> InputPort { InputPort("split@\(label)", .split) }

    private let configuration: Configuration

    package var outputs: [OutputPort] { Self.outputs + (configuration[Self.calibrates] ? [Self.residuals] : []) }

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let bases = configuration[Self.bases], meta = configuration[Self.meta]
        if bases.isEmpty || Set(bases).count < bases.count {
            throw ConfigurationErrors("bases", "list at least one member, and each only once.")
        }
        if meta != .mean, configuration[Self.folds] < 2 {
            throw ConfigurationErrors("folds", "\(meta.rawValue) needs at least 2 inner folds.")
        }
        if configuration[Self.calibrates], configuration[Self.folds] < 2 {
            throw ConfigurationErrors("folds", "`calibrate` needs at least 2 inner folds.")
        }
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.labels]) }

    package func run(_ context: StageContext) throws {
        let labels = try context.table(Self.labels)
        let dimensions = LabelTable.dimensions(labels.attributes)
        let heldOut = try heldOut(labels, dimensions, context)
        let model = try fit(heldOut, dimensions, context)
        // Songs read from here on are only predicted: the model has seen what the ledger holds now.
        let seen = context.lineage()
        try context.write(
            Self.model, file: StackingModelFile.name, try StackingModelFile.encode(model), lineage: seen)

        if let heldOut, configuration[Self.calibrates] { try writeResiduals(heldOut, model, seen: seen, context) }

        let split = try SplitTable(try context.table(Self.split))
        let tables = try configuration[Self.bases].map {
            try context.table(Self.predictions(of: $0, in: FoldLabel.all))
        }
        let songs = split.ids.filter { song in tables.allSatisfy { $0.contains(song) } }
        if songs.count < split.ids.count {
            let absent = split.ids.filter { song in !tables.allSatisfy { $0.contains(song) } }
            context.services.warn(
                "Left out \(IDList.songs(absent.count)) of the split that not every member predicts: "
                    + "\(IDList.text(absent))."
            )
        }
        let predictions = try tables.map { try $0.matrix(for: songs, columns: dimensions) }
        let blend = try model.predict(predictions, songs: songs)
        let rows = songs.enumerated().map { row, song in [song] + blend.row(row).map { "\($0)" } }
        try context.writeTable(Self.predictions, Table(columns: ["song_id"] + dimensions, rows: rows), fitted: seen)
    }

    /// The out-of-fold predictions of the members, in the order of the inner folds; nil without inner folds.
    private func heldOut(_ labels: InputTable, _ dimensions: [String], _ context: StageContext) throws -> HeldOutSongs?
    {
        let bases = configuration[Self.bases], folds = configuration[Self.folds]
        guard folds > 0 else { return nil }
        var songs: [String] = [], foldOf: [Int] = [], values: [[Double]] = bases.map { _ in [] }, absent: [String] = []
        for fold in 0..<folds {
            try context.checkCancelled()
            let label = FoldLabel.inner(fold)
            let split = try SplitTable(try context.table(Self.split(of: label)))
            let tables = try bases.map { try context.table(Self.predictions(of: $0, in: label)) }
            let held = split.songs(in: [.test])
            let present = held.filter { song in labels.contains(song) && tables.allSatisfy { $0.contains(song) } }
            absent += held.filter { song in !labels.contains(song) || !tables.allSatisfy { $0.contains(song) } }
            for (index, table) in tables.enumerated() {
                let cells = try table.rowsToScore(for: present, columns: dimensions, copies: split.copies)
                values[index] += try LabelTable.matrix(
                    cells, songs: present, columns: dimensions, port: table.port
                ).values
            }
            songs += present
            foldOf += present.map { _ in fold }
        }
        if !absent.isEmpty {
            context.services.warn(
                "Fitted without \(IDList.songs(absent.count)) that not every member predicts: "
                    + "\(IDList.text(absent))."
            )
        }
        guard songs.count >= 2 else {
            throw StageFailure("The members of \(context.stage) predict too few training songs to fit their weights.")
        }
        return HeldOutSongs(
            songs: songs, foldOf: foldOf, truth: try labels.matrix(for: songs, columns: dimensions),
            predictions: values.map { Matrix(rows: songs.count, columns: dimensions.count, values: $0) })
    }

    private func fit(_ heldOut: HeldOutSongs?, _ dimensions: [String], _ context: StageContext) throws -> StackingModel
    {
        let bases = configuration[Self.bases]
        guard let heldOut else {
            let weights = Matrix(rows: dimensions.count, columns: bases.count, repeating: 1 / Double(bases.count))
            return try StackingModel(
                method: .mean, bases: bases, targets: dimensions, weights: weights,
                intercepts: dimensions.map { _ in 0 }, alphas: nil)
        }
        let model = try heldOut.fit(configuration[Self.meta].method, bases: bases, targets: dimensions)
        try report(model, heldOut.predictions, heldOut.truth, context)
        return model
    }

    private func writeResiduals(
        _ heldOut: HeldOutSongs, _ model: StackingModel, seen: Lineage, _ context: StageContext
    ) throws {
        let blended = try heldOut.blended(model.method, bases: model.bases, targets: model.targets)
        try context.writeTable(
            Self.residuals,
            ResidualTable.make(
                songs: heldOut.songs, folds: heldOut.foldOf, dimensions: model.targets, truth: heldOut.truth,
                predicted: blended, distances: nil),
            fitted: seen)
        let report = try RegressionReport(truth: heldOut.truth, prediction: blended, targets: model.targets)
        for (target, score) in zip(model.targets, report.scores) {
            context.services.metric("calibration.\(target).r2", score.r2)
        }
    }

    private func report(_ model: StackingModel, _ predictions: [Matrix], _ truth: Matrix, _ context: StageContext)
        throws
    {
        for (base, prediction) in zip(model.bases, predictions) {
            let report = try RegressionReport(truth: truth, prediction: prediction, targets: model.targets)
            for (target, score) in zip(model.targets, report.scores) {
                context.services.metric("out_of_fold.\(base).\(target).r2", score.r2)
            }
        }
        for (row, target) in model.targets.enumerated() {
            for (base, weight) in zip(model.bases, model.weights.row(row)) {
                context.services.metric("weight.\(target).\(base)", weight)
            }
            if configuration[Self.meta] == .ridge {
                context.services.metric("intercept.\(target)", model.intercepts[row])
            }
        }
        context.services.metric("songs.fitted", Double(truth.rows))
    }

}
