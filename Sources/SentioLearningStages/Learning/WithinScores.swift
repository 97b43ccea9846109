import SentioBase
import SentioKit
import SentioLearn
import SentioNumerics

/// Collects the scores within each of several sets, for metrics, a JSON file and the log.
struct WithinScores {
    private(set) var metrics: [(name: String, value: Double)] = []
    private(set) var lines: [String] = []
    /// Sets scored on few songs, and sets with a single song, which are not scored: `emotify (1 song)`.
    private(set) var few: [String] = []
    private var rows: [Value] = []
    private var column = ""

    /// A score on fewer songs is unreliable.
    private static let fewSongs = 10

    /// Scores each set, and all of them together: 1 - (squared errors) / (squared differences from the set's own mean).
    /// - parameter set: of the split: `test`.
    /// - parameter truth: songs × dimensions; `prediction` likewise.
    /// - throws: `LearnError`.
    mutating func add(
        _ set: String, _ sets: SongSets, dimensions: [String], truth: Matrix, prediction: Matrix, songs: [String],
        resampling: Bootstrap?
    ) throws {
        column = sets.column
        var errors = [Double](repeating: 0, count: dimensions.count), spreads = errors
        for (name, places) in sets.members(songs) {
            if places.count < Self.fewSongs { few.append("\(name) (\(NumberText.count(places.count, "song")))") }
            guard places.count >= 2 else { continue }
            let truths = truth.selecting(rows: places), predictions = prediction.selecting(rows: places)
            let own = places.map { songs[$0] }
            let report = try RegressionReport(
                truth: truths, prediction: predictions, targets: dimensions, songs: own)
            let intervals = try resampling?.intervals(
                truth: truths, prediction: predictions, targets: dimensions, songs: own)
            for (index, dimension) in dimensions.enumerated() {
                add(set, name, dimension, report.scores[index], intervals?.intervals[index], places.count)
                let mean = truths.column(index).reduce(0, +) / Double(places.count)
                for (t, p) in zip(truths.column(index), predictions.column(index)) {
                    errors[index] += (t - p) * (t - p)
                    spreads[index] += (t - mean) * (t - mean)
                }
            }
        }
        guard spreads.allSatisfy({ $0 > 0 }) else { return }
        let scores = zip(errors, spreads).map { 1 - $0 / $1 }
        for (dimension, score) in zip(dimensions, scores) { metrics.append(("\(set).\(dimension).r2_within", score)) }
        metrics.append(("\(set).r2_within", scores.reduce(0, +) / Double(scores.count)))
    }

    private mutating func add(
        _ set: String, _ name: String, _ dimension: String, _ score: RegressionScore,
        _ intervals: [Metric: Interval]?, _ count: Int
    ) {
        var row: [String: Value] = [
            "set": .string(set), "within": .string(name), "dimension": .string(dimension), "songs": .int(count),
        ]
        for metric in Metric.allCases {
            // The measure comes last, as in other scores, so that tables of metrics show these as rows.
            let metricName = "\(set).\(dimension).within.\(name).\(metric.rawValue)"
            metrics.append((metricName, score[metric]))
            row[metric.rawValue] = .double(score[metric])
            if let interval = intervals?[metric] {
                metrics.append((metricName + ".low", interval.lower))
                metrics.append((metricName + ".high", interval.upper))
                row[metric.rawValue + "_low"] = .double(interval.lower)
                row[metric.rawValue + "_high"] = .double(interval.upper)
            }
        }
        rows.append(.map(row))
        lines.append(
            "\(set), within \(name), \(dimension): R² \(NumberText.rounded(score.r2, to: 3)), CCC "
                + "\(NumberText.rounded(score.ccc, to: 3)), RMSE \(NumberText.rounded(score.rmse, to: 3)), "
                + NumberText.count(count, "song"))
    }

    /// Nil where nothing was scored within sets.
    var json: Value? { rows.isEmpty ? nil : ["column": .string(column), "rows": .list(rows)] }

    /// A warning about sets with few songs; nil where there are none.
    var warning: String? {
        guard !few.isEmpty else { return nil }
        return
            "Scores within `\(column)` are based on few songs, and sets with a single song are not scored: "
            + "\(few.joined(separator: ", "))."
    }
}
