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
    /// The columns of classifiers; there are none without classifiers.
    private var classMeasures: [ClassMetric] {
        rows.contains { $0.number(ClassMetric.accuracy.rawValue) != nil } ? ClassMetric.allCases : []
    }

    /// - throws: `StageFailure` for a row without numbers.
    mutating func add(_ model: String, _ rows: [Value]) throws {
        for row in rows {
            let dimension = row["dimension"]?.string ?? ""
            guard row["r2"]?.double != nil || row[ClassMetric.accuracy.rawValue]?.double != nil else {
                throw StageFailure("The scores of \(model) have no R² for \(dimension).")
            }
            let predictor = row["predictor"]?.string ?? ""
            guard Self.baselineNames.contains(predictor) else {
                models.append(Row(model: model, dimension: dimension, isBaseline: false, scores: row))
                continue
            }
            let others = baselines.filter {
                $0.dimension == dimension && $0.scores["predictor"]?.string == predictor
            }
            let same = others.first {
                $0.number("r2") == row["r2"]?.double
                    && $0.number("mse") == row["mse"]?.double
                    && $0.number(ClassMetric.logLoss.rawValue) == row[ClassMetric.logLoss.rawValue]?.double
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
                case ScoreSheet.meanPredictor, ClassScoreSheet.majority: model = "baseline"
                case ScoreSheet.setMeanPredictor: model = "baseline.within"
                default: return []
                }
            }
            let prefix = row.dimension == "mean" ? model : "\(model).\(row.dimension)"
            let measures =
                [Metric.r2, .rmse, .mae, .pearson, .ccc].map(\.rawValue) + ClassMetric.allCases.map(\.rawValue)
            return measures.flatMap { metric in
                [("", ""), ("_low", ".low"), ("_high", ".high"), ("_mean", ".mean"), ("_sd", ".sd")].compactMap {
                    field, name in
                    row.number(metric + field).map { ("\(prefix).\(metric)\(name)", $0) }
                }
            }
        }
    }

    var csv: String {
        let numbers = (Self.measures.map(\.rawValue) + classMeasures.map(\.rawValue)).flatMap { metric in
            ["", "_low", "_high", "_mean", "_sd"].map { metric + $0 }
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

    private static let baselineNames = [
        ScoreSheet.meanPredictor, ScoreSheet.setMeanPredictor, ClassScoreSheet.majority,
    ]

    /// The main measures; classifiers have a table of their own.
    var markdown: String {
        let classes = rows.filter { $0.number(ClassMetric.accuracy.rawValue) != nil }
        let others = rows.filter { $0.number(ClassMetric.accuracy.rawValue) == nil }
        return [others.isEmpty ? "" : markdown(others), classes.isEmpty ? "" : classMarkdown(classes)]
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private func classMarkdown(_ rows: [Row]) -> String {
        let titles = ["model", "dimension", "accuracy", "balanced accuracy", "macro-F1", "log loss", "songs"]
        let lines =
            [titles, ["---", "---"] + titles.dropFirst(2).map { _ in "---:" }]
            + rows.map { row in
                [row.model, row.dimension] + ClassMetric.allCases.map { cell(row, $0.rawValue) }
                    + [row.number("songs").map { "\(Int($0))" } ?? ""]
            }
        return Self.text(lines)
    }

    private static func text(_ lines: [[String]]) -> String {
        lines.map { "| " + $0.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n" }.joined()
    }

    private func markdown(_ rows: [Row]) -> String {
        let hasFolds = rows.contains { $0.number("r2_mean") != nil }
        let titles = ["model", "dimension", "R²"] + (hasFolds ? ["R² over folds"] : []) + ["RMSE", "CCC", "songs"]
        var lines = [titles, ["---", "---"] + titles.dropFirst(2).map { _ in "---:" }]
        for row in rows {
            let spread =
                row.number("r2_mean").map { "\(NumberText.three($0)) ± \(NumberText.three(row.number("r2_sd") ?? 0))" }
                ?? ""
            lines.append(
                [row.model, row.dimension, cell(row, Metric.r2.rawValue)] + (hasFolds ? [spread] : []) + [
                    cell(row, Metric.rmse.rawValue), cell(row, Metric.ccc.rawValue),
                ]
                    + [row.number("songs").map { "\(Int($0))" } ?? ""])
        }
        return Self.text(lines)
    }

    private func cell(_ row: Row, _ metric: String) -> String {
        guard let value = row.number(metric) else { return "" }
        guard let low = row.number(metric + "_low"), let high = row.number(metric + "_high") else {
            return NumberText.three(value)
        }
        return "\(NumberText.three(value)) [\(NumberText.three(low)), \(NumberText.three(high))]"
    }
}
