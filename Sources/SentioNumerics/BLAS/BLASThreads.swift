import COpenBLAS
import Synchronization

/// How many threads OpenBLAS uses for one call.
///
/// One by default: sums are then split the same way on every machine, so that a cached result has the same bits
/// whatever the number of cores, and stages or lanes that call from their own threads do not wait for each other.
/// OpenBLAS with OpenMP keeps this setting per calling thread; here it belongs to the process, and every call applies
/// it to its thread.
public enum BLASThreads {
    private static let wanted = Atomic<Int32>(1)
    private static let changing = Mutex(())

    /// The current number.
    public static var count: Int { Int(wanted.load(ordering: .relaxed)) }

    /// Sets the number for all later calls from any thread of this process; values below 1 mean 1.
    public static func set(_ count: Int) { wanted.store(Int32(clamping: max(1, count)), ordering: .relaxed) }

    /// Applies the setting to the current thread. Comes before every call of BLAS or LAPACK in this module.
    static func apply() {
        guard let mine = openblas_threads_of_this_thread() else { return }
        let wanted = wanted.load(ordering: .relaxed)
        guard mine.pointee != wanted else { return }
        changing.withLock { _ in openblas_set_num_threads(wanted) }
        mine.pointee = wanted
    }
}
