import Foundation

/// What a busy machine changes less than the clock: the processor time of this process.
enum ProcessorTime {
    /// User and system seconds so far, of all threads.
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
