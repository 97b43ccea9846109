import COpenBLAS
import Synchronization

/// How many threads OpenBLAS uses for one call.
///
/// One, unless a program asks for more: sums are then split the same way on every machine, so a cached result is the
/// same bits whatever the number of cores, and stages or lanes that call from threads of their own do not wait for each
/// other. OpenBLAS over OpenMP counts for each calling thread by itself, over its own threads for the whole process;
/// here it is one setting of the process, which every call brings to the thread it runs on.
public enum BLASThreads {
    private static let wanted = Atomic<Int32>(1)
    private static let changing = Mutex(())

    /// The present number.
    public static var count: Int { Int(wanted.load(ordering: .relaxed)) }

    /// Sets the number for all later calls of this process, whichever thread they come from; values below 1 mean 1.
    public static func set(_ count: Int) { wanted.store(Int32(clamping: max(1, count)), ordering: .relaxed) }

    /// Brings the setting to this thread. Every call of BLAS and LAPACK in this module is behind one of these.
    static func apply() {
        guard let mine = openblas_threads_of_this_thread() else { return }
        let wanted = wanted.load(ordering: .relaxed)
        guard mine.pointee != wanted else { return }
        changing.withLock { _ in openblas_set_num_threads(wanted) }
        mine.pointee = wanted
    }
}
