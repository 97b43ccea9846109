import COpenBLAS

/// How many threads OpenBLAS uses in this process.
///
/// Results are the same bits for one thread count and one machine; another count may change the last digits,
/// because sums are split differently.
public enum BLASThreads {
    /// The present number.
    public static var count: Int { Int(openblas_get_num_threads()) }

    /// Sets the number for later calls: of this thread where OpenBLAS uses OpenMP, of the process where it has threads of
    /// its own. Values below 1 mean 1.
    public static func set(_ count: Int) {
        openblas_set_num_threads(Int32(clamping: max(1, count)))
    }
}
