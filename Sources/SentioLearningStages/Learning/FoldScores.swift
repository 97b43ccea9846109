import SentioKit
import SentioLearn

/// Scores of each fold, and their mean and spread over folds.
struct FoldScores {
    private let dimensions: [String]
    private(set) var rows: [Value] = []
    private var scores: [[RegressionScore]] = []

    init(_ dimensions: [String]) { self.dimensions = dimensions }

    mutating func add(_ report: RegressionReport, _ place: [String: Value], _ predictor: String) {
        scores.append(report.scores + [report.mean])
        for (dimension, score) in zip(dimensions + ["mean"], report.scores + [report.mean]) {
            var row = place
            row["dimension"] = .string(dimension)
            row["predictor"] = .string(predictor)
            for metric in Metric.allCases { row[metric.rawValue] = .double(score[metric]) }
            rows.append(.map(row))
        }
    }

    /// How many folds have scores.
    var count: Int { scores.count }

    /// Mean and sample standard deviation over folds; nil for fewer than two.
    /// - parameter dimension: index of the dimension; one past the last, the mean over dimensions.
    func spread(_ dimension: Int, _ metric: Metric) -> (mean: Double, deviation: Double)? {
        guard scores.count >= 2 else { return nil }
        let values = scores.map { $0[dimension][metric] }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / Double(values.count - 1)).squareRoot())
    }
}
