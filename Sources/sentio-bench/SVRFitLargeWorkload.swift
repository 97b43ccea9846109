/// `svr-fit` on a table whose kernel matrix does not fit the kernel cache: 10,000 songs, one target.
enum SVRFitLargeWorkload: Workload {
    static let name = "svr-fit-large"
    static let usage = SVRFitWorkload.usage

    static func run(_ options: Options) throws -> WorkloadResult {
        try SVRFitWorkload.run(options, rows: 10_000, targets: 1, runs: 1)
    }
}
