import Foundation
import SentioLearn
import SentioNumerics

/// Boosted trees on a synthetic table of the published shape with two targets. The counterparts are LightGBM and
/// XGBoost (`hist`) on the same table with the same settings.
enum GBDTFitWorkload: Workload {
    static let name = "gbdt-fit"
    static let usage = "[--rows N] [--columns N] [--rounds N] [--threads T] [--runs R]"

    static func run(_ options: Options) throws -> WorkloadResult {
        try GBDTTable.time(options, rows: 1744, rounds: 500, targets: 2)
    }
}

/// Table and settings of both workloads: normally distributed features; targets linear in all of them plus a sine of
/// one.
enum GBDTTable {
    static func time(_ options: Options, rows: Int, rounds: Int, targets: Int) throws -> WorkloadResult {
        let rows = try options.integer("rows", default: rows), columns = try options.integer("columns", default: 164)
        let rounds = try options.integer("rounds", default: rounds), runs = try options.integer("runs", default: 3)
        let threads = try options.integer("threads", default: ProcessInfo.processInfo.activeProcessorCount)
        let (x, y) = make(rows: rows, columns: columns, targets: targets)
        var method = GBDT()
        method.rounds = rounds
        method.maxDepth = 6
        method.learningRate = 0.05
        method.subsample = 0.8
        method.columnSampleByTree = 0.8
        var seconds = Double.infinity
        for _ in 0..<runs {
            let start = ContinuousClock.now
            _ = try method.fit(features: x, targets: y, threads: threads)
            seconds = min(seconds, (ContinuousClock.now - start) / .seconds(1))
        }
        return WorkloadResult(numbers: [
            "rows": Double(rows), "columns": Double(columns), "rounds": Double(rounds), "targets": Double(targets),
            "threads": Double(threads), "runs": Double(runs), "seconds": seconds,
        ])
    }

    private static func make(rows: Int, columns: Int, targets: Int) -> (x: Matrix, y: Matrix) {
        var random = Philox(key: 0)
        let x = Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in random.nextNormal() })
        let weights = (0..<columns * targets).map { _ in random.nextNormal() * 0.1 }
        var y = Matrix(rows: rows, columns: targets)
        for row in 0..<rows {
            let values = Array(x.row(row))
            for target in 0..<targets {
                var sum = 0.5 * sin(2 * values[target % columns]) + 0.3 * random.nextNormal()
                for column in 0..<columns { sum += values[column] * weights[column * targets + target] }
                y[row, target] = sum
            }
        }
        return (x, y)
    }
}
