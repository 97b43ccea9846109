package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Pools one model's predictions over the folds of a cross-validation and scores them. Part of `cross-validate`.
///
/// Every song is predicted by the model of the fold that held it out; a model that saw a song of its fold ends the run
/// with `LeakageError`. Inputs: `labels`, and for each fold `predictions@fold=3` and `split@fold=3`
/// (`…@repeat=1,fold=3`). Outputs: `predictions`, one row per song, averaged over repeats; `scores`, JSON whose `rows`
/// are pooled over songs (with bootstrap intervals, and mean and sample standard deviation over folds) and whose
/// `folds` are those of each fold; `songs`, truth and prediction. The baseline always predicts the mean rating of each
/// fold's training songs. Metrics: `pooled.valence.r2`, `pooled.baseline.valence.r2`, `fold.valence.r2.mean`,
/// `fold.valence.r2.sd`… Deterministic for one seed.
package struct OutOfFoldStage: Stage {
    package static let kind = "out-of-fold"
    package static let version = 1
    package static let summary = "Pools a model's predictions over folds and scores them; part of cross-validate."

    static let folds = Parameter("folds", default: 10, in: 2...1000, "Number of folds.")
    static let repeats = Parameter("repeats", default: 1, in: 1...1000, "Number of repeats of the assignment.")

    package static let parameters: [any ParameterDefinition] = [
        folds, repeats, EvaluateStage.bootstrap, EvaluateStage.level, EvaluateStage.seed,
        SongSets.parameter,
    ]
    static let labels = InputPort("labels", .labels, "True ratings and their scale.")
    package static let inputs = [labels]
    package static let notation = StageNotation(furtherInputs: .of([.predictions, .split]))
    /// The further inputs of a fold, by its label.
    static func predictions(of label: String) -> InputPort { InputPort("predictions@\(label)", .predictions) }
    static func split(of label: String) -> InputPort { InputPort("split@\(label)", .split) }
    static let predictions = OutputPort("predictions", .predictions, "Out-of-fold predictions, one row per song.")
    static let scores = OutputPort("scores", .scores, "Pooled scores with intervals, and those of each fold, as JSON.")
    static let songs = OutputPort("songs", .scoredSongs, "True and predicted ratings of each song.")
    package static let outputs = [predictions, scores, songs]

    private let configuration: Configuration
    package init(_ configuration: Configuration) { self.configuration = configuration }

    package var drawsRandomNumbers: Bool {
        configuration[EvaluateStage.seed] == nil && configuration[EvaluateStage.bootstrap] > 0
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? { .songs(inputs, on: [Self.labels]) }

    package func run(_ context: StageContext) throws {
        let labels = try context.table(Self.labels)
        let dimensions = LabelTable.dimensions(labels.attributes)
        let truth = try SongMatrix(labels, columns: dimensions)
        let sets = try SongSets.read(configuration, labels, songs: labels.ids)
        var pooled = PooledPredictions(dimensions: dimensions, truth: truth, sets: sets)
        let repeats = configuration[Self.repeats]
        for number in 0..<repeats {
            for fold in 0..<configuration[Self.folds] {
                try context.checkCancelled()
                let label = FoldLabel.outer(fold, repeat: number, of: repeats)
                for port in [Self.predictions(of: label), Self.split(of: label)] where !context.isConnected(port) {
                    throw StageFailure("The input `\(port)` of \(context.stage) is not connected; every fold needs it.")
                }
                try pooled.add(
                    fold: fold, repeat: number, label: label, try Self.fold(label, dimensions, truth, sets, context))
            }
        }
        if !pooled.absent.isEmpty {
            context.services.warn(
                "Skipped \(IDList.songs(pooled.absent.count)) without a prediction or label: "
                    + "\(IDList.text(pooled.absent.sorted()))."
            )
            context.services.metric("pooled.not_scored", Double(pooled.absent.count))
        }
        let sheet = try pooled.sheet(
            scales: try LabelTable.scales(labels.attributes, port: Self.labels),
            resampling: try EvaluateStage.resampling(configuration, context))
        sheet.report(context.services)
        try context.write(Self.scores, file: "scores.json", Array((JSON.pretty(sheet.json) + "\n").utf8))
        try write(pooled, labels.attributes, context)
    }

    /// The songs of a fold, predicted by the model that has not seen them, and by the mean of its training songs.
    private static func fold(
        _ label: String, _ dimensions: [String], _ truth: SongMatrix, _ sets: SongSets?, _ context: StageContext
    ) throws -> PooledPredictions.Fold {
        let split = try SplitTable(try context.table(Self.split(of: label)))
        let table = try context.table(Self.predictions(of: label))
        let songs = split.songs(in: [.test])
        let present = songs.filter { table.contains($0) && truth.contains($0) }
        let cells = try table.rowsToScore(for: present, columns: dimensions, copies: split.copies)
        let training = split.songs(in: [.train]).filter { truth.contains($0) }
        return PooledPredictions.Fold(
            songs: present, absent: songs.filter { !table.contains($0) || !truth.contains($0) },
            predictions: try LabelTable.matrix(cells, songs: present, columns: dimensions, port: table.port),
            baseline: training.isEmpty ? nil : truth.means(of: training),
            setBaseline: training.isEmpty
                ? nil : sets?.meanPredictions(for: present, training: training, ratings: truth.rows(training)),
            training: training.count)
    }

    private func write(_ pooled: PooledPredictions, _ attributes: [String: Value], _ context: StageContext) throws {
        let kept = attributes.filter { LabelTable.ratingAttributes.contains($0.key) }
        let (songs, mean, truth) = pooled.mean
        // The lineage of every row is that of its own model. With many repeats nearly every row would need a set of its
        // own; then all rows share one, and the guard refuses to score them again: they are scored here, fold by fold.
        let repeats = configuration[Self.repeats]
        let isExact = repeats == 1 || pooled.fittedSetCount * songs.count <= Self.mostFittedSongs
        let sets = isExact ? [] : [context.lineage()]
        if !isExact {
            context.services.log(
                "Over \(repeats) repeats, every song was in the training set of some model, so the pooled predictions "
                    + "can be inspected but not scored again."
            )
        }
        let rows = songs.enumerated().map { row, song in [song] + mean.row(row).map { "\($0)" } }
        try context.writeTable(
            Self.predictions, Table(columns: ["song_id"] + pooled.dimensions, rows: rows), fittedSets: sets,
            fittedSet: { _ in isExact ? nil : 0 }, attributes: kept)
        let columns = ["song_id", "set"] + pooled.dimensions.flatMap { [$0 + "_true", $0 + "_predicted"] }
        let scored = songs.enumerated().map { row, song in
            [song, "out_of_fold"] + zip(truth.row(row), mean.row(row)).flatMap { ["\($0)", "\($1)"] }
        }
        try context.writeTable(
            Self.songs, Table(columns: columns, rows: scored), fittedSets: sets, fittedSet: { _ in isExact ? nil : 0 },
            attributes: kept)
    }

    /// Most songs in all fitted sets of an exact table: about 13 MB of manifest.
    private static let mostFittedSongs = 200_000
}
