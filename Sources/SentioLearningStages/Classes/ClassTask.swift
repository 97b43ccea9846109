import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// What a kind that learns classes from features does around its fit: like `LearningTask`, it reads the training songs
/// first and the other songs only after the fit, so that the model's lineage is exact.
struct ClassTask {
    static let labels = InputPort("labels", .labels, "Classes of the songs, a column of metadata.")
    static let inputs = [LearningTask.features, labels, LearningTask.split]
    static let predictions = OutputPort(
        "predictions", .classPredictions, "The probability of each class for all songs of the split.")

    /// Songs of known class, and the order of the classes.
    struct Examples {
        /// Targets are 1 in the column of a song's class, otherwise 0.
        let training: TrainingSet
        /// The index of each song's class in `training.dimensions`.
        let codes: [Int]

        var classes: [String] { training.dimensions }
    }

    /// With fewer songs, a class is hardly learned.
    private static let fewSongs = 5

    let features: FeatureTable
    let split: SplitTable
    /// Songs of the split with features and labels, in byte order.
    let songs: [String]
    private let labels: InputTable
    private let column: String
    private let fitOn: [SplitSet]
    private let contextColumn: String?
    private let context: StageContext

    /// Opens the inputs; warns about songs of the split without features or labels.
    /// - throws: `StageFailure`, `BlobStoreError`.
    init(_ context: StageContext, column: String, fitOn: [SplitSet], contextColumn: String?) throws {
        self.context = context
        self.column = column
        self.fitOn = fitOn
        self.contextColumn = contextColumn
        split = try SplitTable(try context.table(LearningTask.split))
        let labels = try context.table(Self.labels), features = try FeatureTable(context, LearningTask.features)
        try ClassColumn.check(column, labels)
        if let contextColumn {
            try ContextColumn.check(contextColumn, labels, dimensions: LabelTable.dimensions(labels.attributes))
        }
        songs = split.ids.filter { features.contains($0) && labels.contains($0) }
        let absent = split.ids.filter { !features.contains($0) || !labels.contains($0) }
        if !absent.isEmpty {
            context.services.warn(
                "Left out \(IDList.songs(absent.count)) of the split without features or labels: "
                    + "\(IDList.text(absent)).")
        }
        (self.labels, self.features) = (labels, features)
    }

    /// Reads the songs to fit on, which say what the classes are; they enter the stage's ledger.
    /// - throws: `StageFailure` for no songs, fewer than two classes or too many; `BlobStoreError`.
    func trainingExamples() throws -> Examples {
        let examples = try examples(in: fitOn, classes: nil, purpose: "train on")
        if let contextColumn, let contexts = examples.training.contexts {
            try ContextColumn.report(contextColumn, contexts, context.services)
        }
        let sizes = examples.classes.indices.map { own in examples.codes.count { $0 == own } }
        context.services.metric("songs.fitted", Double(examples.codes.count))
        context.services.metric("classes", Double(examples.classes.count))
        context.services.log(
            "training songs by \(column): "
                + zip(examples.classes, sizes).map { "\($0) \($1)" }.joined(separator: ", "))
        let few = zip(examples.classes, sizes).filter { $0.1 < Self.fewSongs }.map { "\($0.0) (\($0.1))" }
        if !few.isEmpty {
            context.services.warn(
                "Fewer than \(Self.fewSongs) training songs have the \(column) \(IDList.text(few)); such a class is "
                    + "hardly learned.")
        }
        return examples
    }

    /// Songs of other sets, such as the validation songs of early stopping: these then count as seen. Songs of classes
    /// that the model does not know are left out.
    func examples(in sets: [SplitSet], classes: [String], purpose: String) throws -> Examples {
        try examples(in: sets, classes: .some(classes), purpose: purpose)
    }

    private func examples(in sets: [SplitSet], classes known: [String]?, purpose: String) throws -> Examples {
        let wanted = Set(split.songs(in: sets)), candidates = songs.filter { wanted.contains($0) }
        guard !candidates.isEmpty else {
            throw StageFailure("The split has no song with features to \(purpose).")
        }
        let found = try ClassColumn.classes(of: candidates, column, labels)
        let classes = try known ?? ClassColumn.names(found, column)
        let code = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let rows = candidates.indices.filter { code[found[$0]] != nil }
        let without = candidates.indices.filter { code[found[$0]] == nil }
        if !without.isEmpty {
            let what = known == nil ? "without a \(column)" : "whose \(column) no training song has"
            context.services.warn(
                "Left out \(IDList.songs(without.count)) \(what): \(IDList.text(without.map { candidates[$0] })).")
        }
        guard !rows.isEmpty else {
            throw StageFailure("The split has no song with features and a known \(column) to \(purpose).")
        }
        let chosen = rows.map { candidates[$0] }, codes = rows.compactMap { code[found[$0]] }
        var targets = Matrix(rows: chosen.count, columns: classes.count)
        targets.withUnsafeMutableValues { values in
            for (row, own) in codes.enumerated() { values[row * classes.count + own] = 1 }
        }
        return Examples(
            training: TrainingSet(
                songs: chosen, features: try features.read(chosen), targets: targets, featureNames: features.columns,
                dimensions: classes, groups: chosen.map { split.groups[$0] }, contexts: try contexts(of: chosen),
                foldsOption: context.option("folds")),
            codes: codes)
    }

    /// Reports the scores of the training songs.
    func reportTraining(_ probabilities: Matrix, _ examples: Examples) throws {
        let score = try ClassPredictions(
            truth: examples.codes, probabilities: probabilities, songs: examples.training.songs
        ).score
        for metric in [ClassMetric.accuracy, .logLoss] {
            context.services.metric("train.\(column).\(metric.rawValue)", score[metric])
        }
    }

    /// Predicts all songs of the split and writes them to the port `predictions`.
    /// - parameter seen: the songs that the model was fitted on: the ledger as it was before this call.
    /// - parameter levels: the contexts that the model knows.
    /// - parameter predict: maps songs × features to songs × classes.
    func writePredictions(
        seen: Lineage, classes: [String], levels: [String]?,
        _ predict: (_ features: Matrix, _ songs: [String], _ contexts: SongContexts?) throws -> Matrix
    ) throws {
        if let contextColumn, let levels, let names = try contextNames(songs) {
            ContextColumn.reportUnknown(contextColumn, names, levels: levels, songs: songs, context.services)
        }
        let predicted = try predict(try features.read(songs), songs, try contexts(of: songs))
        let rows = songs.enumerated().map { index, song in [song] + predicted.row(index).map { "\(Float($0))" } }
        try context.writeTable(
            Self.predictions, Table(columns: ["song_id"] + classes, rows: rows), fitted: seen,
            attributes: ClassColumn.attributes(column, classes))
    }

    /// The contexts of songs, which enter the stage's ledger; nil where the stage has no `context`.
    func contexts(of songs: [String]) throws -> SongContexts? { try contextNames(songs).map { SongContexts($0) } }

    private func contextNames(_ songs: [String]) throws -> [String?]? {
        guard let contextColumn else { return nil }
        return try labels.rows(for: songs, columns: [contextColumn]).map { row -> String? in
            row[0].isEmpty ? nil : row[0]
        }
    }
}
