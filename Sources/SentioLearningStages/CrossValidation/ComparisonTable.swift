import SentioBase
import SentioKit
import SentioLearn

/// The rows of a comparison, as metrics, CSV and Markdown.
struct ComparisonTable {
    struct Row {
        let model: String
        let dimension: String
        let isBaseline: Bool
        /// As in the scores.
        let scores: Value

        var value: Value {
            var fields = scores.map ?? [:]
            fields["model"] = .string(model)
            return .map(fields)
        }

        func number(_ name: String) -> Double? { scores[name]?.double }
    }

    private var models: [Row] = []
    private var baselines: [Row] = []

    /// Models first, the mean predictor last.
    var rows: [Row] { models + baselines }

    /// The measures in the order of the columns.
    private static let measures: [Metric] = [.r2, .rmse, .ccc, .mae, .pearson, .mse]

    /// - throws: `StageFailure` for a row without numbers.
    mutating func add(_ model: String, _ rows: [Value]) throws {
        for row in rows {
            let dimension = row["dimension"]?.string ?? ""
            guard row["r2"]?.double != nil else {
                throw StageFailure("The scores of \(model) have no R² for \(dimension).")
            }
            let predictor = row["predictor"]?.string ?? ""
            guard [ScoreSheet.meanPredictor, ScoreSheet.setMeanPredictor].contains(predictor) else {
                models.append(Row(model: model, dimension: dimension, isBaseline: false, scores: row))
                continue
            }
            let others = baselines.filter {
                $0.dimension == dimension && $0.scores["predictor"]?.string == predictor
            }
            let same = others.first {
                $0.number("r2") == row["r2"]?.double
                    && $0.number("mse") == row["mse"]?.double
            }
            guard same == nil else { continue }
            let name = others.isEmpty ? predictor : "\(predictor) (\(model))"
            baselines.append(Row(model: name, dimension: dimension, isBaseline: true, scores: row))
        }
    }

    var metrics: [(name: String, value: Double)] {
        rows.flatMap { row -> [(String, Double)] in
            var model = row.model
            if row.isBaseline {
                switch row.model {
                case ScoreSheet.meanPredictor: model = "baseline"
                case ScoreSheet.setMeanPredictor: model = "baseline.within"
                default: return []
                }
            }
            let prefix = row.dimension == "mean" ? model : "\(model).\(row.dimension)"
            return [Metric.r2, .rmse, .mae, .pearson, .ccc].flatMap { metric in
                [("", ""), ("_low", ".low"), ("_high", ".high"), ("_mean", ".mean"), ("_sd", ".sd")].compactMap {
                    field, name in
                    row.number(metric.rawValue + field).map { ("\(prefix).\(metric.rawValue)\(name)", $0) }
                }
            }
        }
    }

    var csv: String {
        let numbers = Self.measures.flatMap { metric in
            ["", "_low", "_high", "_mean", "_sd"].map { metric.rawValue + $0 }
        }
        func whole(_ row: Row, _ name: String) -> String { row.number(name).map { "\(Int($0))" } ?? "" }
        let cells = rows.map { row -> [String] in
            let head: [String] = [
                row.model, row.scores["set"]?.string ?? "", row.dimension, whole(row, "songs"), whole(row, "folds"),
            ]
            return head + numbers.map { name in row.number(name).map { "\($0)" } ?? "" }
        }
        return Table(columns: ["model", "set", "dimension", "songs", "folds"] + numbers, rows: cells).csv
    }

    var markdown: String {
        let hasFolds = rows.contains { $0.number("r2_mean") != nil }
        let titles = ["model", "dimension", "R²"] + (hasFolds ? ["R² over folds"] : []) + ["RMSE", "CCC", "songs"]
        var lines = [titles, ["---", "---"] + titles.dropFirst(2).map { _ in "---:" }]
        for row in rows {
            let spread =
                row.number("r2_mean").map { "\(NumberText.three($0)) ± \(NumberText.three(row.number("r2_sd") ?? 0))" }
                ?? ""
            lines.append(
                [row.model, row.dimension, cell(row, .r2)] + (hasFolds ? [spread] : []) + [
                    cell(row, .rmse), cell(row, .ccc),
                ]
                    + [row.number("songs").map { "\(Int($0))" } ?? ""])
        }
        return lines.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n" }.joined()
    }

    private func cell(_ row: Row, _ metric: Metric) -> String {
        guard let value = row.number(metric.rawValue) else { return "" }
        guard let low = row.number(metric.rawValue + "_low"), let high = row.number(metric.rawValue + "_high") else {
            return NumberText.three(value)
        }
        return "\(NumberText.three(value)) [\(NumberText.three(low)), \(NumberText.three(high))]"
    }
}
