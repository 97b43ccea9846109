/// Boosted trees on a large synthetic table with one target: dominated by histograms, whereas the small table is
/// dominated by split search.
enum GBDTFitLargeWorkload: Workload {
    static let name = "gbdt-fit-large"
    static let usage = GBDTFitWorkload.usage

    static func run(_ options: Options) throws -> WorkloadResult {
        try GBDTTable.time(options, rows: 200_000, rounds: 100, targets: 1)
    }
}
