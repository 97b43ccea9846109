/// A monotonic clock for durations and deadlines. It is not affected by changes of the system time.
public enum SteadyClock {
    /// Seconds since an arbitrary moment before the process started.
    public static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
