package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Scores predicted ratings over time on songs that nothing was fitted on.
///
/// Computes RMSE, Pearson's r, CCC and the other measures of `evaluate` for each dimension: pooled over the steps of
/// all songs, and per song, averaged over songs. Bootstrap intervals resample songs with all their steps. Baselines are
/// the mean rating of the training songs (`baseline`), each song's own mean (`oracle`, unknown in practice), and, where
/// predictions of whole songs are connected, these held constant (`static`); the differences from `baseline` and
/// `static` have intervals of their own. A song that was seen in training ends the run with `LeakageError`; `train` is
/// scored in-sample and named `train_in_sample`.
/// Without a split, all songs with predictions are scored as `pooled`, without the mean of the training songs.
/// Outputs: `scores`, JSON; `curves`, rating and prediction over time. Metrics: `test.valence.rmse`,
/// `test.song.valence.pearson`, `test.baseline.valence.rmse`, `test.minus_baseline.valence.rmse.high`…
/// Deterministic for one seed.
package struct EvaluateSequenceStage: Stage {
    package static let kind = "evaluate-sequence"
    package static let version = 1
    package static let summary =
        "Scores ratings over time on held-out songs, pooled and per song, with constant predictions as baselines."

    package static let parameters: [any ParameterDefinition] = [
        EvaluateStage.sets, EvaluateStage.bootstrap, EvaluateStage.level, EvaluateStage.seed,
        SequenceScoring.staticScale,
    ]
    static let predictions = InputPort("predictions", .predictedSequences, "Predicted ratings over time.")
    static let split = InputPort(
        "split", .split, isRequired: false,
        "Which songs to score; without it, all songs with predictions, as `pooled`, for those of `cross-validate`.")
    static let staticPredictions = InputPort(
        "static", .predictions, isRequired: false, "Predicted ratings of whole songs, as a baseline.")
    package static let inputs = [predictions, SequenceScoring.ratings, split, staticPredictions]
    package static let outputs = [SequenceScoring.scores, SequenceScoring.curves]

    private let configuration: Configuration
    private let staticScale: ClosedRange<Double>

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let sets = configuration[EvaluateStage.sets]
        if sets.isEmpty || Set(sets).count < sets.count {
            throw ConfigurationErrors("sets", "list at least one set, and each only once.")
        }
        staticScale = try SequenceScoring.checkedStaticScale(configuration)
    }

    package var drawsRandomNumbers: Bool {
        configuration[EvaluateStage.seed] == nil && configuration[EvaluateStage.bootstrap] > 0
    }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        let scorings = configuration[EvaluateStage.sets].count * (1 + configuration[EvaluateStage.bootstrap])
        return .songs(inputs, on: [Self.predictions], times: Double(scorings), pace: "")
    }

    package func run(_ context: StageContext) throws {
        let scoring = try SequenceScoring(context), predictions = try scoring.predictions(Self.predictions)
        let resampling = try EvaluateStage.resampling(configuration, context)
        var sheet = SequenceSheet(
            dimensions: scoring.dimensions, scale: scoring.ratings.scale, resampling: resampling)
        guard context.isConnected(Self.split) else {
            let songs = try present(predictions.collection.ids, "pooled", "pooled", scoring, predictions)
            var scored = try scoring.scored(songs, try predictions.readToScore(songs), trainingMean: nil)
            try addStatic(to: &scored, "pooled", isInSample: false, scoring)
            try sheet.add("pooled", scored)
            return try scoring.write(sheet, scored)
        }
        let split = try SplitTable(try context.table(Self.split))
        let mean = try scoring.mean(of: split.songs(in: [.train]))
        var all: [ScoredSequence] = []
        for set in configuration[EvaluateStage.sets] {
            let songs = try present(
                split.songs(in: [set.splitSet]), set.rawValue, set.label, scoring, predictions)
            let predicted =
                try set == .train
                ? songs.map { try predictions.read($0) } : predictions.readToScore(songs, copies: split.copies)
            var scored = try scoring.scored(songs, predicted, trainingMean: mean)
            try addStatic(to: &scored, set.rawValue, isInSample: set == .train, copies: split.copies, scoring)
            try sheet.add(set.label, scored)
            all += scored
        }
        try scoring.write(sheet, all)
    }

    /// Adds the predictions of a model of whole songs, if it predicts every song.
    private func addStatic(
        to scored: inout [ScoredSequence], _ set: String, isInSample: Bool, copies: [String: [ContentHash]] = [:],
        _ scoring: SequenceScoring
    ) throws {
        let context = scoring.context
        guard context.isConnected(Self.staticPredictions) else { return }
        let table = try context.table(Self.staticPredictions), songs = scored.map(\.song)
        let absent = songs.filter { !table.contains($0) }
        guard absent.isEmpty else {
            context.services.warn(
                "The static predictions are not scored, because they lack \(IDList.songs(absent.count)) of the set "
                    + "\(set): \(IDList.text(absent))."
            )
            return
        }
        let cells =
            try isInSample
            ? table.rowsInSample(for: songs, columns: scoring.dimensions)
            : table.rowsToScore(for: songs, columns: scoring.dimensions, copies: copies)
        let values = try LabelTable.matrix(cells, songs: songs, columns: scoring.dimensions, port: table.port)
        let (own, target) = (staticScale, scoring.ratings.scale)
        let factor = (target.upperBound - target.lowerBound) / (own.upperBound - own.lowerBound)
        for index in scored.indices {
            scored[index].staticPrediction = values.row(index).map {
                target.lowerBound + ($0 - own.lowerBound) * factor
            }
        }
    }

    /// The songs of a set that have a prediction and ratings over time. Warns about those without a prediction; logs
    /// only the number of those without ratings, because few datasets rate all songs over time.
    /// - parameter label: the set in the names of metrics.
    private func present(
        _ songs: [String], _ set: String, _ label: String, _ scoring: SequenceScoring,
        _ predictions: SequenceCollection
    ) throws -> [String] {
        let services = scoring.context.services
        let rated = songs.filter { scoring.ratings.contains($0) }
        if rated.count < songs.count {
            services.log(
                "\(songs.count - rated.count) of \(IDList.songs(songs.count)) of the set \(set) have no ratings over "
                    + "time")
        }
        let absent = rated.filter { !predictions.contains($0) }
        if !absent.isEmpty {
            services.warn(
                "Skipped \(IDList.songs(absent.count)) of the set \(set) without a prediction: "
                    + "\(IDList.text(absent))."
            )
            services.metric("\(label).not_scored", Double(absent.count))
        }
        let scored = rated.filter { predictions.contains($0) }
        guard scored.count >= 2 else {
            throw StageFailure(
                "Only \(IDList.songs(scored.count)) of the set `\(set)` can be scored over time; scoring needs at "
                    + "least 2."
            )
        }
        return scored
    }
}
