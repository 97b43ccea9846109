import SentioBase
package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Rates songs with a model that another stage fitted, in this run or an earlier one.
///
/// `model` is that of `ridge`, `svr`, `gbdt` or `stack`. A model of features reads `features`, whose columns it looks
/// up by name; a stack reads the predictions of its members, one input each under the member's name. A song without a
/// value for a feature is left out with a warning, unless the model takes missing values. A song whose features are
/// far from those of the training songs is rated, and named in a warning: its rating is an extrapolation. What counts
/// as far is known from the optional input `reference`, else from the scaler of the model (`NoveltyLimits`).
///
/// Output: `predictions` in rating units, for every song of the input. Their lineage is the model's training songs, so
/// `evaluate` refuses songs that the model was fitted on. Equal bit for bit to what the fitted stage predicted for the
/// same song. Throws `StageFailure` as sentences. Deterministic.
package struct ApplyStage: Stage {
    package static let kind = ModelAppliers.features
    package static let version = 1
    package static let summary = "Rates songs with the model that ridge, svr, gbdt or stack fitted."

    static let context = Parameter<String?>(
        "context", default: .some(nil),
        "For a model that was fitted with a `context`: the context that all songs are taken to be from. null: they are "
            + "rated by what the contexts share.")

    package static let parameters: [any ParameterDefinition] = [context]
    static let model = InputPort(
        "model", anyOf: FeatureModels.all.map { $0.type } + [StackingStage.modelType], "The fitted model.")
    static let features = InputPort(
        "features", anyOf: [.features, .featureTable], isRequired: false,
        "One vector per song, for every model but a stack.")
    static let reference = InputPort(
        "reference", Calibration.referenceType, isRequired: false,
        "What the model's stage wrote about its training songs (`calibration_folds`), for warnings about others."
    )
    package static let inputs = [model, features, reference]
    package static let notation = StageNotation(furtherInputs: .of([.predictions]))
    static let predictions = OutputPort("predictions", .predictions, "Predicted ratings of all songs of the input.")
    package static let outputs = [predictions]

    private let configuration: Configuration

    package init(_ configuration: Configuration) { self.configuration = configuration }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.features]) }

    package func run(_ context: StageContext) throws {
        if let kind = FeatureModels.all.first(where: { $0.type.name == context.type(of: Self.model) }) {
            try apply(kind, context)
        } else {
            try applyStack(context)
        }
    }

    // MARK: Models of features

    private func apply(_ kind: any FeatureModel.Type, _ context: StageContext) throws {
        let model = try damaged(context) { try kind.init { try context.file(Self.model, $0) } }
        let reference = try reference(of: model, context)
        // Songs read from here on are only predicted: the model has seen what the ledger holds now.
        let seen = context.lineage()
        guard context.isConnected(Self.features) else {
            throw StageFailure(
                "A \(kind.title) rates songs by their features. Connect `features` under `in:` of \(context.stage).")
        }
        let table = try FeatureTable(context, Self.features)
        let known = Dictionary(
            table.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let absent = model.features.filter { known[$0] == nil }
        guard absent.isEmpty else {
            throw StageFailure(
                "The model was fitted on \(model.features.count) features, and `features` lacks \(absent.count) of "
                    + "them: \(IDList.text(absent)). Compute them with the stages and parameters of its training.")
        }
        let columns = model.features.compactMap { known[$0] }
        var songs = table.ids, values = try table.read(songs).selecting(columns: columns)
        if model.missing == .refused {
            let isWhole = songs.indices.map { row in values.row(row).allSatisfy { !$0.isNaN } }
            try leaveOut(songs, isWhole, values, model.features, context)
            let rows = songs.indices.filter { isWhole[$0] }
            values = values.selecting(rows: rows)
            songs = rows.map { songs[$0] }
        }
        let contexts = try contexts(of: songs, known: model.contexts)
        let predicted = try model.predict(values, songs: songs, contexts: contexts)
        for warning in reference?.warnings(values, songs: songs) ?? [] { context.services.warn(warning) }
        try write(predicted, songs, model.dimensions, seen: seen, context)
    }

    /// What is known about the features of the model's training songs.
    /// - throws: `StageFailure` where it is damaged or another model's.
    private func reference(of model: any FeatureModel, _ context: StageContext) throws -> TrainingReference? {
        guard context.isConnected(Self.reference) else {
            return model.spread.map { TrainingReference(features: model.features, spread: $0) }
        }
        let reference = try damaged(context) {
            try TrainingReference.decode(try context.file(Self.reference, TrainingReference.name))
        }
        guard reference.features == model.features else {
            throw StageFailure(
                "`reference` of \(context.stage) describes the training songs of another model: it has "
                    + "\(NumberText.count(reference.features.count, "feature")), and they are not the "
                    + "\(model.features.count) of `model`.")
        }
        return reference
    }

    /// Warns of songs without a value for a feature.
    /// - throws: `StageFailure` where no song is left.
    private func leaveOut(
        _ songs: [String], _ isWhole: [Bool], _ values: Matrix, _ features: [String], _ context: StageContext
    ) throws {
        let gone = songs.indices.filter { !isWhole[$0] }
        guard let first = gone.first else { return }
        let names = features.indices.filter { values[first, $0].isNaN }.map { features[$0] }
        let what = "no value for \(IDList.text(names))"
        guard gone.count < songs.count else {
            throw StageFailure(
                "None of the songs can be rated: the model takes no missing values, and song \(songs[first]) has "
                    + "\(what).")
        }
        context.services.warn(
            "Left out \(IDList.songs(gone.count)) with missing features, which the model does not take: "
                + "\(IDList.text(gone.map { songs[$0] })). Song \(songs[first]) has \(what).")
    }

    private func contexts(of songs: [String], known: [String]?) throws -> SongContexts? {
        let given = configuration[Self.context]
        guard let known else {
            guard let given else { return nil }
            throw StageFailure(
                "`context: \(given)` is given, but the model was fitted without contexts. Remove the parameter.")
        }
        guard let given else { return SongContexts(songs.map { _ in nil }, levels: known) }
        guard known.contains(given) else {
            let hint = Suggestion.nearest(to: given, among: known).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("The model knows no context `\(given)`; it knows \(IDList.text(known)).\(hint)")
        }
        return SongContexts(songs.map { _ in given }, levels: known)
    }

    // MARK: Stacks

    private func applyStack(_ context: StageContext) throws {
        let model = try damaged(context) {
            try StackingModelFile.decode(try context.file(Self.model, StackingModelFile.name))
        }
        let seen = context.lineage()
        let tables = try model.bases.map { base -> InputTable in
            let port = InputPort(base, .predictions)
            guard context.isConnected(port) else {
                throw StageFailure(
                    "The stack has the members \(IDList.text(model.bases)). Connect the predictions of each under its "
                        + "name under `in:` of \(context.stage); `\(base)` is missing.")
            }
            return try context.table(port)
        }
        let all = tables.first?.ids ?? []
        let songs = all.filter { song in tables.allSatisfy { $0.contains(song) } }
        let absent = Set(tables.flatMap(\.ids)).subtracting(songs).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if !absent.isEmpty {
            context.services.warn(
                "Left out \(IDList.songs(absent.count)) that not every member rates: \(IDList.text(absent)).")
        }
        guard !songs.isEmpty else { throw StageFailure("No song is rated by every member of the stack.") }
        let predicted = try model.predict(
            try tables.map { try $0.matrix(for: songs, columns: model.targets) }, songs: songs)
        try write(predicted, songs, model.targets, seen: seen, context)
    }

    // MARK: In common

    /// Says of a model that cannot be read which stage it is the input of.
    private func damaged<Model>(_ context: StageContext, _ read: () throws -> Model) throws -> Model {
        do { return try read() } catch let error as LearnError {
            throw StageFailure("The model on `\(Self.model)` of \(context.stage) cannot be used. \(error)")
        }
    }

    private func write(
        _ predicted: Matrix, _ songs: [String], _ dimensions: [String], seen: Lineage, _ context: StageContext
    ) throws {
        let rows = songs.enumerated().map { index, song in [song] + predicted.row(index).map { "\($0)" } }
        try context.writeTable(Self.predictions, Table(columns: ["song_id"] + dimensions, rows: rows), fitted: seen)
        context.services.metric("songs", Double(songs.count))
    }
}
