import COpenBLAS

/// How many threads OpenBLAS uses in this process.
///
/// Results are the same bits for one thread count and one machine; another count may change the last digits,
/// because sums are split differently.
public enum BLASThreads {
    /// The present number.
    public static var count: Int { Int(openblas_get_num_threads()) }

    /// Sets the number for all later calls of this process; values below 1 mean 1.
    public static func set(_ count: Int) {
        openblas_set_num_threads(Int32(clamping: max(1, count)))
    }
}
