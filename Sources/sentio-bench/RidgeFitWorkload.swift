import SentioLearn

/// Ridge with alpha 1 on standardized features.
enum RidgeFitWorkload: Workload {
    static let name = "ridge-fit"
    static let usage = SyntheticTable.usage

    static func run(_ options: Options) throws -> WorkloadResult {
        try SyntheticTable(options, rows: 1744, columns: 164, targets: 2).time(options, runs: 5) { features, targets in
            let fit = try Ridge(alpha: .fixed(1)).fit(features: features, targets: targets)
            return ["intercept": fit.model.intercepts[0]]
        }
    }
}
