import SentioKit
import SentioLearn
import SentioNumerics

/// The values of each epoch, by series name: `train.loss`, `validation.valence.ccc`, `learning_rate`…
struct TrainingHistory: Equatable {
    /// One per epoch, in order.
    var epochs: [[String: Double]] = []

    static let speed = "samples_per_second"
    static let validationLoss = "validation.loss"

    /// The epoch (from 0) with the lowest validation loss; the first in a tie.
    var best: Int? {
        epochs.indices.filter { epochs[$0][Self.validationLoss] != nil }.min {
            (epochs[$0][Self.validationLoss] ?? 0, $0) < (epochs[$1][Self.validationLoss] ?? 0, $1)
        }
    }

    /// The validation loss of each epoch; empty without validation songs.
    var validationLosses: [Double] { epochs.compactMap { $0[Self.validationLoss] } }

    /// Whether this many epochs have passed since the best one.
    func hasStopped(patience: Int) -> Bool {
        guard patience > 0, let best else { return false }
        return epochs.count - 1 - best >= patience
    }

    /// R² and CCC of each dimension for predictions [samples, dimensions]; none for a single sample. Samples without
    /// ratings (NaN) do not count.
    static func scores(_ set: String, _ predictions: [Double], _ truth: [Double], dimensions: [String]) throws
        -> [String: Double]
    {
        let width = dimensions.count
        let rated = (0..<predictions.count / width).filter { row in
            truth[(row * width)..<((row + 1) * width)].allSatisfy(\.isFinite)
        }
        guard rated.count > 1 else { return [:] }
        func matrix(_ values: [Double]) -> Matrix {
            Matrix(rows: values.count / width, columns: width, values: values).selecting(rows: rated)
        }
        let report = try RegressionReport(truth: matrix(truth), prediction: matrix(predictions), targets: dimensions)
        var found: [String: Double] = [:]
        for (dimension, score) in zip(dimensions, report.scores) {
            found["\(set).\(dimension).r2"] = score.r2
            found["\(set).\(dimension).ccc"] = score.ccc
        }
        return found
    }

    /// A table for people and pandas. Omits machine-dependent values, so that equal trainings give equal bytes.
    func table() -> Table {
        let names = Set(epochs.flatMap(\.keys)).subtracting([Self.speed]).sorted()
        return Table(
            columns: ["epoch"] + names,
            rows: epochs.enumerated().map { index, values in
                ["\(index + 1)"] + names.map { name in values[name].map { "\($0)" } ?? "" }
            })
    }

    // MARK: In a checkpoint

    var value: Value { .list(epochs.map { .map($0.mapValues { .double($0) }) }) }

    /// Nil for anything else.
    init?(_ value: Value) {
        guard let list = value.list else { return nil }
        for entry in list {
            guard let map = entry.map else { return nil }
            epochs.append(map.compactMapValues(\.double))
        }
    }

    init() {}

    /// From recorded series, whose steps count from 1.
    init(_ series: [String: [SeriesPoint]]) {
        for (name, points) in series {
            for point in points where (1...1_000_000).contains(point.step) {
                while epochs.count < point.step { epochs.append([:]) }
                epochs[point.step - 1][name] = point.value
            }
        }
    }
}
