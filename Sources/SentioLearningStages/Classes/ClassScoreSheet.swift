import SentioBase
import SentioKit
import SentioLearn

/// Collects the scores of classes of one or more sets, for metrics, a JSON file and the log.
struct ClassScoreSheet {
    let column: String
    let classes: [String]
    /// Nil: no intervals.
    let resampling: Bootstrap?
    /// In the order they were added.
    private(set) var metrics: [(name: String, value: Double)] = []
    private(set) var lines: [String] = []
    private var rows: [Value] = []
    private var foldRows: [Value] = []
    private var matrices: [Value] = []

    /// Name in the rows of the predictor that knows only how frequent the classes are among the training songs: it
    /// always predicts the most frequent one.
    static let majority = "majority class of training songs"

    init(column: String, classes: [String], resampling: Bootstrap?) {
        self.column = column
        self.classes = classes
        self.resampling = resampling
    }

    /// Scores of the folds of a cross-validation.
    struct Folds {
        private(set) var scores: [ClassScore] = []
        fileprivate var rows: [Value] = []

        /// - parameter place: fold, repeat and number of songs.
        mutating func add(_ score: ClassScore, _ place: [String: Value], column: String, predictor: String) {
            scores.append(score)
            var row = place
            row["dimension"] = .string(column)
            row["predictor"] = .string(predictor)
            for metric in ClassMetric.allCases { row[metric.rawValue] = .double(score[metric]) }
            rows.append(.map(row))
        }

        /// Mean and sample standard deviation over folds; nil for fewer than two.
        func spread(_ metric: ClassMetric) -> (mean: Double, deviation: Double)? {
            guard scores.count >= 2 else { return nil }
            let values = scores.map { $0[metric] }, mean = values.reduce(0, +) / Double(values.count)
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (mean, (squares / Double(values.count - 1)).squareRoot())
        }
    }

    /// The scores of a model on the songs of a set, with intervals.
    mutating func add(_ set: String, _ predictions: ClassPredictions, folds: Folds? = nil) {
        metrics.append(("\(set).songs", Double(predictions.truth.count)))
        add(
            set, "model", "\(set).\(column)", predictions, resampling?.intervals(predictions),
            folds.map { ($0, "fold.\(column)") })
        let confusion = predictions.confusion
        matrices.append([
            "set": .string(set), "counts": .list(confusion.counts.map { .list($0.map { .int($0) }) }),
            "classes": .list(
                zip(classes, confusion.classes).map { name, own in
                    [
                        "class": .string(name), "songs": .int(own.support), "predicted": .int(own.predicted),
                        "precision": .double(own.precision), "recall": .double(own.recall), "f1": .double(own.f1),
                    ]
                }),
        ])
        for (name, own) in zip(classes, confusion.classes) where own.support > 0 {
            lines.append(
                "\(set), \(column) \(name): \(NumberText.count(own.support, "song")), recall "
                    + "\(NumberText.rounded(own.recall, to: 3)), precision \(NumberText.rounded(own.precision, to: 3))")
        }
    }

    /// The same for the predictor that knows only the training songs' shares; without intervals.
    mutating func addBaseline(_ set: String, _ predictions: ClassPredictions, folds: Folds? = nil) {
        add(
            set, Self.majority, "\(set).baseline.\(column)", predictions, nil,
            folds.map { ($0, "fold.baseline.\(column)") })
    }

    private mutating func add(
        _ set: String, _ predictor: String, _ prefix: String, _ predictions: ClassPredictions,
        _ intervals: [ClassMetric: Interval]?, _ folds: (scores: Folds, prefix: String)?
    ) {
        let score = predictions.score
        var row: [String: Value] = [
            "set": .string(set), "predictor": .string(predictor), "dimension": .string(column),
            "songs": .int(predictions.truth.count), "in_sample": .bool(set == "train_in_sample"),
        ]
        for metric in ClassMetric.allCases {
            let name = "\(prefix).\(metric.rawValue)"
            metrics.append((name, score[metric]))
            row[metric.rawValue] = .double(score[metric])
            if let interval = intervals?[metric] {
                metrics.append((name + ".low", interval.lower))
                metrics.append((name + ".high", interval.upper))
                row[metric.rawValue + "_low"] = .double(interval.lower)
                row[metric.rawValue + "_high"] = .double(interval.upper)
            }
            if let folds, let (mean, deviation) = folds.scores.spread(metric) {
                metrics.append(("\(folds.prefix).\(metric.rawValue).mean", mean))
                metrics.append(("\(folds.prefix).\(metric.rawValue).sd", deviation))
                row[metric.rawValue + "_mean"] = .double(mean)
                row[metric.rawValue + "_sd"] = .double(deviation)
            }
        }
        if let folds {
            row["folds"] = .int(folds.scores.scores.count)
            foldRows += folds.scores.rows
        }
        rows.append(.map(row))
        lines.append(
            "\(set), \(column), \(predictor): accuracy \(NumberText.rounded(score.accuracy, to: 3)), macro-F1 "
                + "\(NumberText.rounded(score.macroF1, to: 3)), log loss \(NumberText.rounded(score.logLoss, to: 3))")
    }

    /// Reports metrics and log lines.
    func report(_ services: any StageServices) {
        for (name, value) in metrics { services.metric(name, value) }
        for line in lines { services.log(line) }
    }

    var json: Value {
        var fields: [String: Value] = [
            "schema": 1, "column": .string(column), "classes": .list(classes.map { .string($0) }),
            "bootstrap": resampling.map {
                ["resamples": .int($0.replicates), "level": .double($0.level), "over": "songs"]
            } ?? .null,
            "rows": .list(rows), "confusion": .list(matrices),
        ]
        if !foldRows.isEmpty { fields["folds"] = .list(foldRows) }
        return .map(fields)
    }
}
