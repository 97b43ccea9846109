/// Boosted trees on a large made table, one target: histograms of many rows, where the small table is all split search.
enum GBDTFitLargeWorkload: Workload {
    static let name = "gbdt-fit-large"
    static let usage = GBDTFitWorkload.usage

    static func run(_ options: Options) throws -> WorkloadResult {
        try GBDTTable.time(options, rows: 200_000, rounds: 100, targets: 1)
    }
}
