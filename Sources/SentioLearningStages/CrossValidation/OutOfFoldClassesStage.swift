package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Pools one classifier's predictions over the folds of a cross-validation and scores them. Part of `cross-validate`.
///
/// Every song is predicted by the model of the fold that held it out; a model that saw a song of its fold ends the run
/// with `LeakageError`. Inputs: `labels`, and for each fold `predictions@fold=3` and `split@fold=3`. Outputs:
/// `predictions`, one row per song, probabilities averaged over repeats; `scores` and `songs` as those of
/// `evaluate-classes`, with the set `pooled`. The baseline knows the shares of the classes among each fold's training
/// songs. Metrics: `pooled.genre.accuracy`, `fold.genre.accuracy.mean`, `pooled.baseline.genre.accuracy`…
/// Deterministic for one seed.
package struct OutOfFoldClassesStage: Stage {
    package static let kind = "out-of-fold-classes"
    package static let version = 1
    package static let summary =
        "Pools a classifier's predictions over folds and scores them; part of cross-validate."

    package static let parameters: [any ParameterDefinition] = [
        OutOfFoldStage.folds, OutOfFoldStage.repeats, EvaluateStage.bootstrap, EvaluateStage.level, EvaluateStage.seed,
    ]
    package static let inputs = [ClassScoring.labels]
    package static let notation = StageNotation(furtherInputs: .of([.classPredictions, .split]))
    /// The further inputs of a fold, by its label.
    static func predictions(of label: String) -> InputPort { InputPort("predictions@\(label)", .classPredictions) }
    static func split(of label: String) -> InputPort { InputPort("split@\(label)", .split) }
    static let predictions = OutputPort(
        "predictions", .classPredictions, "Out-of-fold probabilities of the classes, one row per song.")
    package static let outputs = [predictions, ClassScoring.scores, ClassScoring.songs]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package var drawsRandomNumbers: Bool {
        configuration[EvaluateStage.seed] == nil && configuration[EvaluateStage.bootstrap] > 0
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [ClassScoring.labels]) }

    /// The songs of a fold with a class, and what its model says about them.
    private struct Fold {
        let place: [String: Value]
        let songs: [String]
        let truth: [String]
        let classes: [String]
        /// Songs × the model's classes.
        let probabilities: Matrix
        /// The classes of the fold's training songs.
        let training: [String]
    }

    package func run(_ context: StageContext) throws {
        let labels = try context.table(ClassScoring.labels), repeats = configuration[OutOfFoldStage.repeats]
        var folds: [Fold] = [], absent: Set<String> = [], column: String?
        for number in 0..<repeats {
            for fold in 0..<configuration[OutOfFoldStage.folds] {
                try context.checkCancelled()
                let label = FoldLabel.outer(fold, repeat: number, of: repeats)
                for port in [Self.predictions(of: label), Self.split(of: label)] where !context.isConnected(port) {
                    throw StageFailure("The input `\(port)` of \(context.stage) is not connected; every fold needs it.")
                }
                let place: [String: Value] = ["fold": .int(fold), "repeat": .int(number)]
                folds.append(try Self.fold(label, place, &column, labels, &absent, context))
            }
        }
        guard let column else { preconditionFailure("A cross-validation has folds.") }
        if !absent.isEmpty {
            context.services.warn(
                "Skipped \(IDList.songs(absent.count)) without a prediction or a \(column): "
                    + "\(IDList.text(absent.sorted())).")
            context.services.metric("pooled.not_scored", Double(absent.count))
        }
        let names = Set(folds.flatMap(\.classes)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let scoring = ClassScoring(column: column, modelClasses: names, found: folds.flatMap { $0.truth + $0.training })
        try write(folds, scoring, context)
    }

    private static func fold(
        _ label: String, _ place: [String: Value], _ column: inout String?, _ labels: InputTable,
        _ absent: inout Set<String>, _ context: StageContext
    ) throws -> Fold {
        let split = try SplitTable(try context.table(Self.split(of: label)))
        let table = try context.table(Self.predictions(of: label)), (own, classes) = try ClassColumn.read(table)
        try ClassColumn.check(own, labels)
        column = own
        let all = split.songs(in: [.test]), known = all.filter { table.contains($0) && labels.contains($0) }
        let found = try ClassColumn.classes(of: known, own, labels)
        let rows = known.indices.filter { !found[$0].isEmpty }, songs = rows.map { known[$0] }
        absent.formUnion(Set(all).subtracting(songs))
        let cells = try table.rowsToScore(for: songs, columns: classes, copies: split.copies)
        let training = try ClassColumn.classes(
            of: split.songs(in: [.train]).filter { labels.contains($0) }, own, labels)
        return Fold(
            place: place.merging(["songs": .int(songs.count)]) { $1 }, songs: songs, truth: rows.map { found[$0] },
            classes: classes,
            probabilities: try LabelTable.matrix(cells, songs: songs, columns: classes, port: table.port),
            training: training.filter { !$0.isEmpty })
    }

    private func write(_ folds: [Fold], _ scoring: ClassScoring, _ context: StageContext) throws {
        var model = ClassScoreSheet.Folds(), majority = ClassScoreSheet.Folds()
        var sums = ClassSums(classes: scoring.classes.count), baselines = ClassSums(classes: scoring.classes.count)
        var truths: [String: String] = [:]
        for fold in folds where !fold.songs.isEmpty {
            let probabilities = Self.aligned(fold, scoring)
            let shares = scoring.shares(of: fold.training, songs: fold.songs.count)
            sums.add(fold.songs, probabilities)
            if !fold.training.isEmpty { baselines.add(fold.songs, shares) }
            for (song, truth) in zip(fold.songs, fold.truth) { truths[song] = truth }
            model.add(
                try scoring.predictions(fold.truth, probabilities, songs: fold.songs).score, fold.place,
                column: scoring.column, predictor: "model")
            guard !fold.training.isEmpty else { continue }
            majority.add(
                try scoring.predictions(fold.truth, shares, songs: fold.songs).score, fold.place,
                column: scoring.column, predictor: ClassScoreSheet.majority)
        }
        let (songs, mean) = sums.means
        guard songs.count >= 2 else {
            throw StageFailure(
                "Only \(IDList.songs(songs.count)) of all folds can be scored; a score needs at least 2.")
        }
        func predictions(_ songs: [String], _ probabilities: Matrix) throws -> ClassPredictions {
            try scoring.predictions(songs.compactMap { truths[$0] }, probabilities, songs: songs)
        }
        var sheet = ClassScoreSheet(
            column: scoring.column, classes: scoring.classes,
            resampling: try EvaluateStage.resampling(configuration, context))
        let pooled = try predictions(songs, mean)
        sheet.add("pooled", pooled, folds: model)
        let (counted, constant) = baselines.means
        if counted.count >= 2 { sheet.addBaseline("pooled", try predictions(counted, constant), folds: majority) }
        sheet.report(context.services)
        try context.write(ClassScoring.scores, file: "scores.json", Array((JSON.pretty(sheet.json) + "\n").utf8))
        // The lineage of every row is that of its own model, which comes with the row that was read. Over repeats, all
        // rows share one, and the guard refuses to score them again: they are scored here, fold by fold.
        let isExact = configuration[OutOfFoldStage.repeats] == 1, sets = isExact ? [] : [context.lineage()]
        let attributes = ClassColumn.attributes(scoring.column, scoring.classes)
        let rows = songs.enumerated().map { row, song in [song] + mean.row(row).map { "\($0)" } }
        try context.writeTable(
            Self.predictions, Table(columns: ["song_id"] + scoring.classes, rows: rows), fittedSets: sets,
            fittedSet: { _ in isExact ? nil : 0 }, attributes: attributes)
        try context.writeTable(
            ClassScoring.songs, scoring.table(scoring.rows(songs, set: "out_of_fold", pooled)), fittedSets: sets,
            fittedSet: { _ in isExact ? nil : 0 }, attributes: attributes)
    }

    /// The probabilities in the columns of all folds' classes; 0 for a class that the fold's model does not know.
    private static func aligned(_ fold: Fold, _ scoring: ClassScoring) -> Matrix {
        var result = Matrix(rows: fold.songs.count, columns: scoring.classes.count)
        let places = fold.classes.map { scoring.code($0) }
        result.withUnsafeMutableValues { values in
            for row in fold.songs.indices {
                for (place, value) in zip(places, fold.probabilities.row(row)) {
                    values[row * scoring.classes.count + place] = value
                }
            }
        }
        return result
    }
}
