import Foundation
import SentioKit
import SentioNumerics

/// A table for timing fits, in single precision: normally distributed features; targets with a linear part, a sine and
/// noise. scikit-learn is timed on a table of the same kind. `--data FILE.npy` reads a table instead, whose last
/// columns are the targets.
struct SyntheticTable {
    static let usage = "[--rows N] [--columns N] [--targets N] [--runs N] [--data FILE.npy]"

    let features: Matrix
    let targets: Matrix

    init(_ options: Options, rows: Int, columns: Int, targets targetCount: Int) throws {
        let targetCount = try options.integer("targets", default: targetCount)
        if let path = try? options.text("data") {
            let array = try NpyFile.read(try FileBytes.read(path))
            guard array.shape.count == 2, array.shape[1] > targetCount else {
                throw OptionError(
                    description: "--data needs a two-dimensional array with features and \(targetCount) target columns."
                )
            }
            let table = Matrix(rows: array.shape[0], columns: array.shape[1], values: array.doubles)
            let split = array.shape[1] - targetCount
            features = table.selecting(columns: Array(0..<split))
            targets = table.selecting(columns: Array(split..<array.shape[1]))
            return
        }
        let rows = try options.integer("rows", default: rows),
            columns = try options.integer("columns", default: columns)
        var random = Philox(key: 0, stream: 0)
        func single(_ value: Double) -> Double { Double(Float(value)) }
        let made = Matrix(
            rows: rows, columns: columns, values: (0..<rows * columns).map { _ in single(random.nextNormal()) })
        let weights = (0..<columns * targetCount).map { _ in 0.1 * random.nextNormal() }
        var values: [Double] = []
        for row in 0..<rows {
            for target in 0..<targetCount {
                let line = (0..<columns).reduce(0.0) { $0 + made[row, $1] * weights[$1 * targetCount + target] }
                values.append(single(line + 0.5 * sin(2 * made[row, target % columns]) + 0.3 * random.nextNormal()))
            }
        }
        features = made
        targets = Matrix(rows: rows, columns: targetCount, values: values)
    }

    /// The shortest time of `--runs` fits, and the numbers that `fit` returns.
    func time(_ options: Options, runs: Int, _ fit: (Matrix, Matrix) throws -> [String: Double]) throws
        -> WorkloadResult
    {
        var result = WorkloadResult(), shortest = Double.infinity
        for _ in 0..<(try options.integer("runs", default: runs)) {
            let clock = ContinuousClock()
            let time = try clock.measure { result.numbers = try fit(features, targets) }
            let seconds = Double(time.components.seconds) + 1e-18 * Double(time.components.attoseconds)
            shortest = min(shortest, seconds)
        }
        result.numbers["seconds"] = shortest
        result.numbers["rows"] = Double(features.rows)
        result.numbers["columns"] = Double(features.columns)
        result.numbers["targets"] = Double(targets.columns)
        if let peak = PeakMemory.megabytes { result.numbers["peak_mb"] = peak }
        return result
    }
}
