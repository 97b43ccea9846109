import Foundation

/// The CPU time of this process, which depends less on other load than wall time.
enum ProcessorTime {
    /// User and system seconds so far, over all threads.
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
