import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Collects the scores of ratings over time, for metrics, a JSON file and the log.
///
/// `rows` has the pooled scores as `evaluate` writes them, so that `comparison` reads both; fields that only sequences
/// have are separate.
struct SequenceSheet {
    let dimensions: [String]
    let scale: ClosedRange<Double>
    /// Nil: no intervals.
    let resampling: Bootstrap?
    /// In the order they were added.
    private(set) var metrics: [(name: String, value: Double)] = []
    private(set) var lines: [String] = []
    private var rows: [Value] = []
    private var songRows: [Value] = []
    private var baselines: [Value] = []
    private var differences: [Value] = []
    private var songs: [Value] = []

    /// Name in the rows of predicting each song's own mean rating, which is unknown in practice.
    static let ownMean = "own mean of each song (oracle)"
    static let staticModel = "static prediction"

    init(dimensions: [String], scale: ClosedRange<Double>, resampling: Bootstrap?) {
        self.dimensions = dimensions
        self.scale = scale
        self.resampling = resampling
    }

    /// - parameter set: in metric names and rows.
    /// - throws: `LearnError`.
    mutating func add(_ set: String, _ scored: [ScoredSequence]) throws {
        guard let model = try ScoredSequence.report(scored, dimensions: dimensions, { $0.prediction }) else { return }
        metrics.append(("\(set).songs", Double(model.songs)))
        metrics.append(("\(set).steps", Double(model.steps)))
        let pooled = table(set, "model", set, model, .pooled, resampling?.intervals(model, .pooled))
        let perSong = table(set, "model", "\(set).song", model, .perSong, resampling?.intervals(model, .perSong))
        rows += pooled
        songRows += perSong
        let mean = try ScoredSequence.report(scored, dimensions: dimensions) { song in
            song.trainingMean.map { song.constant($0) }
        }
        if let mean {
            let pooled = table(set, ScoreSheet.meanPredictor, "\(set).baseline", mean, .pooled, nil)
            let perSong = table(set, ScoreSheet.meanPredictor, "\(set).song.baseline", mean, .perSong, nil)
            rows += pooled
            songRows += perSong
            compare(set, "minus_baseline", ScoreSheet.meanPredictor, mean, model)
        }
        let oracle = try ScoredSequence.report(scored, dimensions: dimensions) { song in
            song.constant(TimeSeries(times: song.times, values: song.truth).means)
        }
        if let oracle {
            let pooled = table(set, Self.ownMean, "\(set).oracle", oracle, .pooled, nil)
            baselines += pooled
        }
        let fixed = try ScoredSequence.report(scored, dimensions: dimensions) { song in
            song.staticPrediction.map { song.constant($0) }
        }
        if let fixed {
            let pooled = table(set, Self.staticModel, "\(set).static", fixed, .pooled, nil)
            baselines += pooled
            compare(set, "minus_static", Self.staticModel, fixed, model)
        }
        for (index, song) in scored.enumerated() {
            var row: [String: Value] = [
                "song_id": .string(song.song), "set": .string(set), "steps": .int(song.times.count),
            ]
            for (column, dimension) in dimensions.enumerated() {
                let score = model.moments[column][index].score
                row[dimension] = .map(
                    Dictionary(uniqueKeysWithValues: Metric.allCases.map { ($0.rawValue, .double(score[$0])) }))
            }
            songs.append(.map(row))
        }
    }

    /// One row per dimension and their mean.
    private mutating func table(
        _ set: String, _ predictor: String, _ prefix: String, _ report: SequenceReport, _ view: Bootstrap.SequenceView,
        _ intervals: BootstrapReport?
    ) -> [Value] {
        let scores = view == .pooled ? report.pooled : report.perSong
        var found: [Value] = []
        for (index, dimension) in (dimensions + ["mean"]).enumerated() {
            let isMean = index == dimensions.count
            let score = isMean ? RegressionScore.mean(of: scores) : scores[index]
            let own = isMean ? intervals?.mean : intervals?.intervals[index]
            var row: [String: Value] = [
                "set": .string(set), "predictor": .string(predictor), "dimension": .string(dimension),
                "songs": .int(report.songs), "steps": .int(report.steps),
                "in_sample": .bool(set == "train_in_sample"),
            ]
            let name = isMean ? prefix : "\(prefix).\(dimension)"
            for metric in Metric.allCases { put(metric, score[metric], own?[metric], name, &row) }
            found.append(.map(row))
            if view == .pooled {
                lines.append(
                    "\(set), \(dimension), \(predictor): RMSE \(NumberText.rounded(score.rmse, to: 3)), r "
                        + "\(NumberText.rounded(score.pearson, to: 3)), CCC \(NumberText.rounded(score.ccc, to: 3))")
            }
        }
        return found
    }

    /// Pooled scores of the model minus those of a baseline, with intervals of the difference over songs.
    private mutating func compare(
        _ set: String, _ word: String, _ baseline: String, _ other: SequenceReport, _ model: SequenceReport
    ) {
        let report = resampling?.differences(first: other, second: model, .pooled)
        let (scores, others) = (model.pooled, other.pooled)
        for (index, dimension) in (dimensions + ["mean"]).enumerated() {
            let isMean = index == dimensions.count
            let own = isMean ? report?.mean : report?.intervals[index]
            let (left, right) =
                isMean
                ? (RegressionScore.mean(of: scores), RegressionScore.mean(of: others)) : (scores[index], others[index])
            var row: [String: Value] = [
                "set": .string(set), "dimension": .string(dimension), "of": "model", "minus": .string(baseline),
            ]
            let prefix = "\(set).\(word)" + (isMean ? "" : ".\(dimension)")
            for metric in Metric.allCases { put(metric, left[metric] - right[metric], own?[metric], prefix, &row) }
            differences.append(.map(row))
            guard let interval = own?[.rmse] else { continue }
            let verdict =
                interval.upper < 0
                ? "lower than" : interval.lower > 0 ? "higher than" : "not clearly different from"
            lines.append(
                "\(set), \(dimension): RMSE \(verdict) that of the \(baseline), by "
                    + "\(NumberText.rounded(left.rmse - right.rmse, to: 3)) ["
                    + "\(NumberText.rounded(interval.lower, to: 3)), \(NumberText.rounded(interval.upper, to: 3))]")
        }
    }

    private mutating func put(
        _ metric: Metric, _ value: Double, _ interval: Interval?, _ prefix: String, _ row: inout [String: Value]
    ) {
        let name = "\(prefix).\(metric.rawValue)"
        metrics.append((name, value))
        row[metric.rawValue] = .double(value)
        guard let interval else { return }
        metrics.append((name + ".low", interval.lower))
        metrics.append((name + ".high", interval.upper))
        row[metric.rawValue + "_low"] = .double(interval.lower)
        row[metric.rawValue + "_high"] = .double(interval.upper)
    }

    var json: Value {
        [
            "schema": 1, "over": "time", "dimensions": .list(dimensions.map { .string($0) }),
            "scale": [.double(scale.lowerBound), .double(scale.upperBound)],
            "bootstrap": resampling.map {
                ["resamples": .int($0.replicates), "level": .double($0.level), "over": "songs"]
            } ?? .null,
            "rows": .list(rows), "song_rows": .list(songRows), "baselines": .list(baselines),
            "differences": .list(differences), "songs": .list(songs),
        ]
    }
}
