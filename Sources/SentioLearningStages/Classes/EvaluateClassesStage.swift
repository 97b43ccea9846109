package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Scores predicted classes on songs that nothing was fitted on.
///
/// Computes accuracy, balanced accuracy, macro-F1 and log loss as scikit-learn defines them, with bootstrap intervals
/// over songs; songs by true and predicted class; and, as a baseline, the scores of the predictor that knows only how
/// frequent the classes are among the training songs and always predicts the most frequent one. The predictions say
/// which column of the labels holds the classes; songs without a class are left out, and a class that no training song
/// has counts as an error. A song of `test` or `validation` that the model saw ends the run with `LeakageError`;
/// `train` is scored in-sample and named `train_in_sample`.
///
/// Outputs: `scores`, JSON whose `rows` are a table; `songs`. Metrics: `test.genre.accuracy`,
/// `test.genre.macro_f1.low`, `test.baseline.genre.accuracy`… Deterministic for one seed.
package struct EvaluateClassesStage: Stage {
    package static let kind = "evaluate-classes"
    package static let version = 1
    package static let summary =
        "Scores predicted classes on held-out songs: accuracy, macro-F1, log loss, confusion matrix, with intervals "
        + "and the majority class as a baseline."

    package static let parameters: [any ParameterDefinition] = [
        EvaluateStage.sets, EvaluateStage.bootstrap, EvaluateStage.level, EvaluateStage.seed,
    ]
    static let predictions = InputPort("predictions", .classPredictions, "Predicted probabilities of classes.")
    static let split = InputPort("split", .split, "Which songs to score.")
    package static let inputs = [predictions, ClassScoring.labels, split, DuplicateTable.port]
    package static let outputs = [ClassScoring.scores, ClassScoring.songs]

    /// A score on fewer songs is unreliable.
    private static let fewSongs = 10

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let sets = configuration[EvaluateStage.sets]
        if sets.isEmpty || Set(sets).count < sets.count {
            throw ConfigurationErrors("sets", "list at least one set, and each only once.")
        }
    }

    package var drawsRandomNumbers: Bool {
        configuration[EvaluateStage.seed] == nil && configuration[EvaluateStage.bootstrap] > 0
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        let scorings = configuration[EvaluateStage.sets].count * (1 + configuration[EvaluateStage.bootstrap])
        return .songs(inputs, on: [Self.predictions], times: Double(scorings), pace: "")
    }

    package func run(_ context: StageContext) throws {
        let split = try SplitTable(try context.table(Self.split))
        let labels = try context.table(ClassScoring.labels), predicted = try context.table(Self.predictions)
        let (column, modelClasses) = try ClassColumn.read(predicted)
        try ClassColumn.check(column, labels)
        let copies = split.copies.merging(try DuplicateTable(context).copies) { $0 + $1 }
        let training = try ClassColumn.classes(
            of: split.songs(in: [.train]).filter { labels.contains($0) }, column, labels
        ).filter { !$0.isEmpty }
        let sets = try configuration[EvaluateStage.sets].map { set in
            try present(set, column, split, labels, predicted, context)
        }
        let scoring = ClassScoring(
            column: column, modelClasses: modelClasses, found: sets.flatMap(\.classes) + training)
        var sheet = ClassScoreSheet(
            column: column, classes: scoring.classes, resampling: try EvaluateStage.resampling(configuration, context))
        var scored: [[String]] = []
        for (set, songs, classes) in sets {
            let cells =
                try set == .train
                ? predicted.rowsInSample(for: songs, columns: modelClasses)
                : predicted.rowsToScore(for: songs, columns: modelClasses, copies: copies)
            let probabilities = try LabelTable.matrix(
                cells, songs: songs, columns: modelClasses, port: Self.predictions)
            let own = try scoring.predictions(classes, scoring.widened(probabilities), songs: songs)
            sheet.add(set.label, own)
            if !training.isEmpty {
                sheet.addBaseline(
                    set.label,
                    try scoring.predictions(
                        classes, scoring.shares(of: training, songs: songs.count), songs: songs))
            }
            let strangers = scoring.strangers(among: classes)
            if !strangers.isEmpty {
                context.services.warn(
                    "No training song has the \(column) \(IDList.text(strangers)), which songs of the set "
                        + "\(set.rawValue) have; they count as errors.")
            }
            scored += scoring.rows(songs, set: set.rawValue, own)
        }
        sheet.report(context.services)
        try context.write(ClassScoring.scores, file: "scores.json", Array((JSON.pretty(sheet.json) + "\n").utf8))
        try context.writeTable(
            ClassScoring.songs, scoring.table(scored), attributes: ClassColumn.attributes(column, scoring.classes))
    }

    /// The songs of a set that have a prediction and a class, and these classes; warns about the others.
    private func present(
        _ set: EvaluateStage.ScoredSet, _ column: String, _ split: SplitTable, _ labels: InputTable,
        _ predicted: InputTable, _ context: StageContext
    ) throws -> (set: EvaluateStage.ScoredSet, songs: [String], classes: [String]) {
        let all = split.songs(in: [set.splitSet])
        guard !all.isEmpty else {
            throw StageFailure(
                "The split has no songs in the set `\(set.rawValue)`, which \(context.stage) should score.")
        }
        let known = all.filter { predicted.contains($0) && labels.contains($0) }
        let found = try ClassColumn.classes(of: known, column, labels)
        let rows = known.indices.filter { !found[$0].isEmpty }, songs = rows.map { known[$0] }, kept = Set(songs)
        let absent = all.filter { !kept.contains($0) }
        if !absent.isEmpty {
            context.services.warn(
                "Skipped \(IDList.songs(absent.count)) of the set \(set.rawValue) without a prediction or a \(column): "
                    + "\(IDList.text(absent)).")
            context.services.metric("\(set.label).not_scored", Double(absent.count))
        }
        guard songs.count >= 2 else {
            throw StageFailure(
                "Only \(IDList.songs(songs.count)) of the set `\(set.rawValue)` can be scored; scoring needs at least "
                    + "2. Enlarge the set in `split`.")
        }
        if set != .train, songs.count < Self.fewSongs {
            context.services.warn(
                "The score of the set \(set.rawValue) is based on only \(IDList.songs(songs.count)); other songs could "
                    + "give a very different one. Enlarge the set in `split`, or score every song with "
                    + "`cross-validate`.")
        }
        return (set, songs, rows.map { found[$0] })
    }
}
