import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics
import SentioSongStages

/// Collects the scores of one or more sets, for metrics, a JSON file and the log.
struct ScoreSheet {
    let dimensions: [String]
    /// Of each dimension.
    let scales: [ClosedRange<Double>]
    /// Nil: no intervals.
    let resampling: Bootstrap?
    /// In the order they were added.
    private(set) var metrics: [(name: String, value: Double)] = []
    private(set) var lines: [String] = []
    private var rows: [Value] = []
    private var foldRows: [Value] = []
    private var repeatRows: [Value] = []
    /// Scores within sets, for songs of several sets.
    private(set) var within = WithinScores()

    /// Name in the rows of the predictor that always predicts the mean rating of the training songs.
    static let meanPredictor = "mean of training songs"
    /// Name of the predictor that predicts the mean rating of the training songs of the same set.
    static let setMeanPredictor = "mean of each set's training songs"

    init(dimensions: [String], scales: [ClosedRange<Double>], resampling: Bootstrap?) {
        self.dimensions = dimensions
        self.scales = scales
        self.resampling = resampling
    }

    /// - parameter truth: songs × dimensions; `prediction` likewise.
    /// - parameter folds: scores of the folds, for the pooled songs of a cross-validation.
    /// - throws: `LearnError`.
    mutating func add(_ set: String, truth: Matrix, prediction: Matrix, songs: [String], folds: FoldScores? = nil)
        throws
    {
        let report = try RegressionReport(truth: truth, prediction: prediction, targets: dimensions, songs: songs)
        let intervals = try resampling?.intervals(
            truth: truth, prediction: prediction, targets: dimensions, songs: songs)
        metrics.append(("\(set).songs", Double(songs.count)))
        for (index, dimension) in dimensions.enumerated() {
            add(
                set, "model", "\(set).\(dimension)", dimension, report.scores[index], intervals?.intervals[index],
                songs.count,
                folds.map { ($0, index, "fold.\(dimension)") })
        }
        add(
            set, "model", set, "mean", report.mean, intervals?.mean, songs.count,
            folds.map { ($0, dimensions.count, "fold") }, parts: report.scores)
        foldRows += folds?.rows ?? []
    }

    /// Scores within each of several sets.
    /// - throws: `LearnError`.
    mutating func addWithin(_ set: String, _ sets: SongSets, truth: Matrix, prediction: Matrix, songs: [String]) throws
    {
        try within.add(
            set, sets, dimensions: dimensions, truth: truth, prediction: prediction, songs: songs,
            resampling: resampling)
    }

    /// Scores of always predicting the mean of each set's training songs; without intervals.
    /// - throws: `LearnError`.
    mutating func addSetBaseline(_ set: String, truth: Matrix, prediction: Matrix, songs: [String]) throws {
        let report = try RegressionReport(truth: truth, prediction: prediction, targets: dimensions, songs: songs)
        let prefix = "\(set).baseline.within"
        for (index, dimension) in dimensions.enumerated() {
            add(
                set, Self.setMeanPredictor, "\(prefix).\(dimension)", dimension, report.scores[index], nil, songs.count)
        }
        add(set, Self.setMeanPredictor, prefix, "mean", report.mean, nil, songs.count, parts: report.scores)
    }

    /// The same for always predicting the mean of the training songs; without intervals.
    mutating func addBaseline(
        _ set: String, truth: Matrix, prediction: Matrix, songs: [String], folds: FoldScores? = nil
    ) throws {
        let report = try RegressionReport(truth: truth, prediction: prediction, targets: dimensions, songs: songs)
        for (index, dimension) in dimensions.enumerated() {
            add(
                set, Self.meanPredictor, "\(set).baseline.\(dimension)", dimension, report.scores[index], nil,
                songs.count,
                folds.map { ($0, index, "fold.baseline.\(dimension)") })
        }
        add(
            set, Self.meanPredictor, "\(set).baseline", "mean", report.mean, nil, songs.count,
            folds.map { ($0, dimensions.count, "fold.baseline") }, parts: report.scores)
        foldRows += folds?.rows ?? []
    }

    /// One repeat of a repeated cross-validation, pooled over its folds.
    mutating func addRepeat(_ number: Int, _ report: RegressionReport) {
        for (dimension, score) in zip(dimensions + ["mean"], report.scores + [report.mean]) {
            var row: [String: Value] = [
                "repeat": .int(number), "dimension": .string(dimension), "songs": .int(report.songs),
            ]
            for metric in Metric.allCases where hasUnit(metric, dimension) {
                row[metric.rawValue] = .double(score[metric])
            }
            repeatRows.append(.map(row))
            let prefix = dimension == "mean" ? "repeat.\(number)" : "repeat.\(number).\(dimension)"
            metrics.append(("\(prefix).r2", score.r2))
            metrics.append(("\(prefix).ccc", score.ccc))
        }
    }

    private mutating func add(
        _ set: String, _ predictor: String, _ prefix: String, _ dimension: String, _ score: RegressionScore,
        _ intervals: [Metric: Interval]?, _ count: Int,
        _ folds: (scores: FoldScores, place: Int, prefix: String)? = nil, parts: [RegressionScore] = []
    ) {
        var row: [String: Value] = [
            "set": .string(set), "predictor": .string(predictor), "dimension": .string(dimension), "songs": .int(count),
            "in_sample": .bool(set == "train_in_sample"),
        ]
        for metric in Metric.allCases {
            let name = "\(prefix).\(metric.rawValue)"
            if hasUnit(metric, dimension) {
                metrics.append((name, score[metric]))
                row[metric.rawValue] = .double(score[metric])
            }
            if let scaled = scaled(metric, dimension, score, parts) {
                metrics.append((name + "_scaled", scaled))
                row[metric.rawValue + "_scaled"] = .double(scaled)
            }
            guard hasUnit(metric, dimension) else { continue }
            if let interval = intervals?[metric] {
                metrics.append((name + ".low", interval.lower))
                metrics.append((name + ".high", interval.upper))
                row[metric.rawValue + "_low"] = .double(interval.lower)
                row[metric.rawValue + "_high"] = .double(interval.upper)
            }
            if let folds, let (mean, deviation) = folds.scores.spread(folds.place, metric) {
                metrics.append(("\(folds.prefix).\(metric.rawValue).mean", mean))
                metrics.append(("\(folds.prefix).\(metric.rawValue).sd", deviation))
                row[metric.rawValue + "_mean"] = .double(mean)
                row[metric.rawValue + "_sd"] = .double(deviation)
            }
        }
        if let folds { row["folds"] = .int(folds.scores.count) }
        rows.append(.map(row))
        let error =
            hasUnit(.rmse, dimension)
            ? "RMSE \(NumberText.rounded(score.rmse, to: 3))"
            : "RMSE on scales mapped to [-1, 1] "
                + NumberText.rounded(scaled(.rmse, dimension, score, parts) ?? .nan, to: 3)
        lines.append(
            "\(set), \(dimension), \(predictor): R² \(NumberText.rounded(score.r2, to: 3)), CCC "
                + "\(NumberText.rounded(score.ccc, to: 3)), \(error)"
        )
    }

    private var sharesScale: Bool { Set(scales).count <= 1 }

    /// Whether a measure has a meaning in rating units: the mean of errors on different scales has none.
    private func hasUnit(_ metric: Metric, _ dimension: String) -> Bool {
        sharesScale || dimension != "mean" || [.r2, .pearson, .ccc].contains(metric)
    }

    /// The error with ratings mapped to [-1, 1]; nil for measures that do not depend on the scale.
    /// - parameter parts: the scores of the dimensions, for their mean.
    private func scaled(_ metric: Metric, _ dimension: String, _ score: RegressionScore, _ parts: [RegressionScore])
        -> Double?
    {
        if !sharesScale, dimension == "mean" {
            let values = zip(parts, scales).compactMap { Self.scaled(metric, $0[metric], $1) }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        let place = sharesScale ? 0 : dimensions.firstIndex(of: dimension) ?? 0
        return Self.scaled(metric, score[metric], scales[place])
    }

    private static func scaled(_ metric: Metric, _ value: Double, _ scale: ClosedRange<Double>) -> Double? {
        let half = (scale.upperBound - scale.lowerBound) / 2
        switch metric {
        case .mse: return value / (half * half)
        case .rmse, .mae: return value / half
        case .r2, .pearson, .ccc: return nil
        }
    }

    /// Reports metrics, log lines and warnings.
    func report(_ services: any StageServices) {
        for (name, value) in metrics + within.metrics { services.metric(name, value) }
        for line in lines + within.lines { services.log(line) }
        if let warning = within.warning { services.warn(warning) }
    }

    var json: Value {
        var fields = whole
        if !foldRows.isEmpty { fields["folds"] = .list(foldRows) }
        if !repeatRows.isEmpty { fields["repeats"] = .list(repeatRows) }
        if let within = within.json { fields["within"] = within }
        return .map(fields)
    }

    private var whole: [String: Value] {
        LabelTable.attributes(of: scales).merging([
            "schema": 1, "dimensions": .list(dimensions.map { .string($0) }), "scaled_to": [-1, 1],
            "bootstrap": resampling.map {
                ["resamples": .int($0.replicates), "level": .double($0.level), "over": "songs"]
            } ?? .null,
            "rows": .list(rows),
        ]) { own, _ in own }
    }
}
