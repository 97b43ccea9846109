import SentioLearn
import SentioNumerics

/// RBF SVR with C 1 and epsilon 0.1 on standardized features of the published shape, two targets.
enum SVRFitWorkload: Workload {
    static let name = "svr-fit"
    static let usage = SyntheticTable.usage + " [--cache-mb N] [--threads T]"

    static func run(_ options: Options) throws -> WorkloadResult { try run(options, rows: 1744, targets: 2, runs: 3) }

    static func run(_ options: Options, rows: Int, targets: Int, runs: Int) throws -> WorkloadResult {
        BLASThreads.set(try options.integer("threads", default: 2))
        let cache = try options.integer("cache-mb", default: 200) * 1_000_000
        return try SyntheticTable(options, rows: rows, columns: 164, targets: targets).time(options, runs: runs) {
            features, targets in
            let fit = try SVR(c: 1, epsilon: 0.1, cacheBytes: cache).fit(features: features, targets: targets)
            return [
                "iterations": Double(fit.runs.reduce(0) { $0 + $1.iterations }), "objective": fit.runs[0].objective,
                "support_vectors": Double(fit.model.machines[0].vectors.rows),
            ]
        }
    }
}
