import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// What every kind that learns ratings from features does around its fit: it reads the training songs first and the
/// other songs only after the fit, so that the model's lineage is exact.
///
///     let task = try LearningTask(context, fitOn: fitOn, contextColumn: …)
///     let training = try task.trainingSet()
///     let fit = …
///     let seen = context.lineage()
///     try context.write(Self.model, …, lineage: seen)
///     try task.reportTraining(predictions of the training songs, training)
///     try task.writePredictions(seen: seen, levels: training.contexts?.levels) { features, songs, contexts in … }
struct LearningTask {
    static let features = InputPort("features", anyOf: [.features, .featureTable], "One vector per song.")
    static let labels = InputPort("labels", .labels, "Ratings.")
    static let split = InputPort("split", .split, "Which songs to train on.")
    static let inputs = [features, labels, split]
    static let predictions = OutputPort("predictions", .predictions, "Predicted ratings of all songs of the split.")
    /// How `apply` rates new songs with what such a kind has fitted.
    static func application(_ model: OutputPort) -> Application {
        .model(
            ModelApplication(
                model, predictions: predictions, by: ModelAppliers.features, from: [features],
                references: [Calibration.reference]))
    }

    let split: SplitTable
    let labels: InputTable
    let features: FeatureTable
    /// The rated dimensions, in order.
    let dimensions: [String]
    /// Songs of the split with features and labels, in byte order.
    let songs: [String]
    private let fitOn: [SplitSet]
    private let contextColumn: String?
    private let context: StageContext

    /// Opens the inputs; warns about songs of the split without features or labels.
    /// - parameter contextColumn: the labels column that holds the context of each song.
    /// - throws: `StageFailure`, `BlobStoreError`.
    init(_ context: StageContext, fitOn: [SplitSet], contextColumn: String? = nil) throws {
        self.context = context
        self.fitOn = fitOn
        self.contextColumn = contextColumn
        split = try SplitTable(try context.table(Self.split))
        let labels = try context.table(Self.labels), features = try FeatureTable(context, Self.features)
        dimensions = LabelTable.dimensions(labels.attributes)
        if let contextColumn { try ContextColumn.check(contextColumn, labels, dimensions: dimensions) }
        songs = split.ids.filter { features.contains($0) && labels.contains($0) }
        let absent = split.ids.filter { !features.contains($0) || !labels.contains($0) }
        if !absent.isEmpty {
            let hint = SongForm(features.ids).hint(absent.filter { !features.contains($0) })
            context.services.warn(
                "Left out \(IDList.songs(absent.count)) of the split without features or labels: "
                    + "\(IDList.text(absent)).\(hint)"
            )
        }
        self.labels = labels
        self.features = features
    }

    /// Reads the songs to fit on; they enter the stage's ledger.
    /// - parameter missing: whether the method can fit features with missing values.
    /// - throws: `StageFailure` where no song is left, or naming song and column of a bad cell; `BlobStoreError`.
    func trainingSet(missing: MissingValues = .refused) throws -> TrainingSet {
        let training = try set(fitOn, missing: missing, purpose: "train on")
        if let contextColumn, let contexts = training.contexts {
            try ContextColumn.report(contextColumn, contexts, context.services)
        }
        return training
    }

    /// The same for other sets, such as the validation songs of early stopping: these then count as seen.
    func set(_ sets: [SplitSet], missing: MissingValues = .refused, purpose: String) throws -> TrainingSet {
        let wanted = Set(split.songs(in: sets))
        let chosen = songs.filter { wanted.contains($0) }
        guard !chosen.isEmpty else { throw StageFailure("The split has no song with features to \(purpose).") }
        return TrainingSet(
            songs: chosen, features: try read(chosen, missing),
            targets: try labels.matrix(for: chosen, columns: dimensions),
            featureNames: features.columns, dimensions: dimensions, groups: chosen.map { split.groups[$0] },
            contexts: try contexts(of: chosen), foldsOption: context.option("folds"))
    }

    /// Reports how many songs were fitted, and R² on them for each dimension.
    func reportTraining(_ predicted: Matrix, _ training: TrainingSet) throws {
        context.services.metric("songs.fitted", Double(training.songs.count))
        // R² is undefined for a single song.
        guard training.songs.count > 1 else { return }
        let report = try RegressionReport(truth: training.targets, prediction: predicted, targets: dimensions)
        for (dimension, score) in zip(dimensions, report.scores) {
            context.services.metric("train.\(dimension).r2", score.r2)
        }
    }

    /// Predicts all songs of the split and writes them to the port `predictions`.
    /// - parameter seen: the songs that the model was fitted on: the ledger as it was before this call.
    /// - parameter levels: the contexts that the model knows.
    /// - parameter predict: maps songs × features to songs × dimensions.
    func writePredictions(
        seen: Lineage, missing: MissingValues = .refused, levels: [String]?,
        _ predict: (_ features: Matrix, _ songs: [String], _ contexts: SongContexts?) throws -> Matrix
    ) throws {
        if let contextColumn, let levels, let names = try contextNames(songs) {
            ContextColumn.reportUnknown(contextColumn, names, levels: levels, songs: songs, context.services)
        }
        let predicted = try predict(try read(songs, missing), songs, try contexts(of: songs))
        let rows = songs.enumerated().map { index, song in [song] + predicted.row(index).map { "\($0)" } }
        try context.writeTable(Self.predictions, Table(columns: ["song_id"] + dimensions, rows: rows), fitted: seen)
    }

    /// The contexts of songs, which enter the stage's ledger; nil where the stage has no `context`.
    func contexts(of songs: [String]) throws -> SongContexts? { try contextNames(songs).map { SongContexts($0) } }

    private func contextNames(_ songs: [String]) throws -> [String?]? {
        guard let contextColumn else { return nil }
        return try labels.rows(for: songs, columns: [contextColumn]).map { row -> String? in
            row[0].isEmpty ? nil : row[0]
        }
    }

    private func read(_ songs: [String], _ missing: MissingValues) throws -> Matrix {
        try missing == .refused ? features.readComplete(songs) : features.read(songs)
    }
}

/// Whether a method accepts missing feature values.
enum MissingValues { case refused, allowed }
