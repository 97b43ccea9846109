package import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Scores predictions on songs that nothing was fitted on.
///
/// Computes MSE, RMSE, MAE, R², Pearson and CCC for each dimension and their mean, in rating units, with errors also
/// rescaled to [-1, 1]; bootstrap intervals over songs; and, as a baseline, the scores of always predicting the mean of
/// the training songs.
/// With songs of several sets (`within`), it also computes scores within each set, R² against the means of the sets
/// (`test.valence.r2_within`), and the scores of predicting the mean of each set's training songs
/// (`test.baseline.within.valence.r2`): scores over all songs flatter a model that only tells the sets apart.
/// A song of `test` or `validation` that the model, a scaler or a normalizer saw ends the run with `LeakageError`;
/// `train` is scored in-sample and named `train_in_sample`. With `duplicates`, or a split that was made with it, a song
/// of which another copy was seen is refused in the same way.
/// Outputs: `scores`, JSON whose `rows` are a table (`pandas.DataFrame(json["rows"])`); `songs`, truth and prediction
/// of each. Metrics: `test.valence.r2`, `test.ccc` (mean over dimensions), `test.valence.ccc.low`,
/// `test.valence.rmse_scaled`, `test.baseline.valence.rmse`, `test.valence.within.SET.r2`… Deterministic for one seed.
package struct EvaluateStage: Stage {
    package static let kind = "evaluate"
    package static let version = 1
    package static let summary =
        "Scores predictions on held-out songs, with bootstrap intervals and the mean predictor as a baseline."

    enum ScoredSet: String, ParameterChoice {
        case train, validation, test

        var splitSet: SplitSet {
            switch self {
            case .train: .train
            case .validation: .validation
            case .test: .test
            }
        }
        /// In metric names and rows.
        var label: String { self == .train ? "train_in_sample" : rawValue }
    }

    static let sets = Parameter(
        "sets", default: [ScoredSet.test],
        "Sets of the split to score; `train` is scored in-sample and labeled as such.")
    static let bootstrap = Parameter(
        "bootstrap", default: 2000, in: 0...100_000, "Bootstrap resamples of the songs per interval; 0: no intervals.",
        source: "Efron and Tibshirani 1993")
    static let level = Parameter("level", default: 0.95, in: 0.5...0.999, "Confidence level of the intervals.")
    static let seed = Parameter<Int?>("seed", default: .some(nil), "Seed of the resampling; null: the run's seed.")

    package static let parameters: [any ParameterDefinition] = [
        sets, bootstrap, level, seed, SongSets.parameter,
    ]
    static let predictions = InputPort("predictions", .predictions, "Predicted ratings.")
    static let labels = InputPort("labels", .labels, "True ratings and their scale.")
    static let split = InputPort("split", .split, "Which songs to score.")
    package static let inputs = [predictions, labels, split, DuplicateTable.port]
    static let scores = OutputPort("scores", .scores, "All scores and intervals, as JSON.")
    static let songs = OutputPort("songs", .scoredSongs, "True and predicted ratings of each scored song.")
    package static let outputs = [scores, songs]

    /// A score on fewer songs is unreliable.
    private static let fewSongs = 10

    private let configuration: Configuration

    package init(_ configuration: Configuration) throws(ConfigurationErrors) {
        self.configuration = configuration
        let sets = configuration[Self.sets]
        if sets.isEmpty || Set(sets).count < sets.count {
            throw ConfigurationErrors("sets", "list at least one set, and each only once.")
        }
    }

    package var drawsRandomNumbers: Bool { configuration[Self.seed] == nil && configuration[Self.bootstrap] > 0 }

    package func workload(of inputs: PortMap<Amount>) -> Workload? {
        let scorings = configuration[Self.sets].count * (1 + configuration[Self.bootstrap])
        return .songs(inputs, on: [Self.predictions], times: Double(scorings), pace: "")
    }

    package func run(_ context: StageContext) throws {
        let split = try SplitTable(try context.table(Self.split))
        let labels = try context.table(Self.labels)
        let predictions = try context.table(Self.predictions)
        let dimensions = LabelTable.dimensions(labels.attributes)
        let scales = try LabelTable.scales(labels.attributes, port: Self.labels)
        let resampling = try Self.resampling(configuration, context)
        var sheet = ScoreSheet(dimensions: dimensions, scales: scales, resampling: resampling)
        let training = split.songs(in: [.train]).filter { labels.contains($0) }
        let ratings = try labels.matrix(for: training, columns: dimensions)
        let copies = split.copies.merging(try DuplicateTable(context).copies) { $0 + $1 }

        var scored: [(id: String, cells: [String])] = []
        for set in configuration[Self.sets] {
            let songs = try present(set, split, labels, predictions, context)
            let cells =
                try set == .train
                ? predictions.rowsInSample(for: songs, columns: dimensions)
                : predictions.rowsToScore(for: songs, columns: dimensions, copies: copies)
            let predicted = try LabelTable.matrix(cells, songs: songs, columns: dimensions, port: Self.predictions)
            let trueCells = try labels.rows(for: songs, columns: dimensions)
            let truth = try LabelTable.matrix(trueCells, songs: songs, columns: dimensions, port: Self.labels)
            try sheet.add(set.label, truth: truth, prediction: predicted, songs: songs)
            if !training.isEmpty {
                let means = dimensions.indices.map { ratings.column($0).reduce(0, +) / Double(training.count) }
                let constant = Matrix(rows: songs.count, columns: means.count, values: songs.flatMap { _ in means })
                try sheet.addBaseline(set.label, truth: truth, prediction: constant, songs: songs)
            }
            if let sets = try SongSets.read(configuration, labels, songs: songs + training) {
                if !training.isEmpty {
                    let known = sets.meanPredictions(for: songs, training: training, ratings: ratings)
                    try sheet.addSetBaseline(set.label, truth: truth, prediction: known, songs: songs)
                }
                try sheet.addWithin(set.label, sets, truth: truth, prediction: predicted, songs: songs)
            }
            for (index, song) in songs.enumerated() {
                scored.append((song, [set.rawValue] + zip(trueCells[index], cells[index]).flatMap { [$0, $1] }))
            }
        }
        sheet.report(context.services)
        try context.write(Self.scores, file: "scores.json", Array((JSON.pretty(sheet.json) + "\n").utf8))
        let columns = ["song_id", "set"] + dimensions.flatMap { [$0 + "_true", $0 + "_predicted"] }
        let rows = scored.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }.map { [$0.id] + $0.cells }
        try context.writeTable(
            Self.songs, Table(columns: columns, rows: rows),
            attributes: labels.attributes.filter { LabelTable.ratingAttributes.contains($0.key) })
    }

    /// The resampling that `bootstrap`, `level` and `seed` ask for; nil without intervals.
    static func resampling(_ configuration: Configuration, _ context: StageContext) throws -> Bootstrap? {
        guard configuration[bootstrap] > 0 else { return nil }
        return try Bootstrap(
            replicates: configuration[bootstrap], level: configuration[level],
            seed: configuration[seed].map { UInt64(bitPattern: Int64($0)) } ?? context.seed)
    }

    /// The songs of a set that have a prediction and a label; warns about the others.
    private func present(
        _ set: ScoredSet, _ split: SplitTable, _ labels: InputTable, _ predictions: InputTable, _ context: StageContext
    ) throws -> [String] {
        let songs = split.songs(in: [set.splitSet])
        guard !songs.isEmpty else {
            throw StageFailure(
                "The split has no songs in the set `\(set.rawValue)`, which \(context.stage) should score.")
        }
        let absent = songs.filter { !predictions.contains($0) || !labels.contains($0) }
        let left = Set(absent), scored = songs.filter { !left.contains($0) }
        if set != .train, (2..<Self.fewSongs).contains(scored.count) {
            context.services.warn(
                "The score of the set \(set.rawValue) is based on only \(IDList.songs(scored.count)); other songs "
                    + "could give a very different one. Enlarge the set in `split`, or score every song with "
                    + "`cross-validate`."
            )
        }
        if !absent.isEmpty {
            context.services.warn(
                "Skipped \(IDList.songs(absent.count)) of the set \(set.rawValue) without a prediction or label: "
                    + "\(IDList.text(absent))."
            )
            context.services.metric("\(set.label).not_scored", Double(absent.count))
        }
        guard scored.count >= 2 else {
            throw StageFailure(
                "Only \(IDList.songs(scored.count)) of the set `\(set.rawValue)` can be scored; scoring needs at "
                    + "least 2. Enlarge the set in `split`."
            )
        }
        return scored
    }
}
