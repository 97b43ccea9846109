/// A clock that nobody can set, for durations and deadlines.
public enum SteadyClock {
    /// Since some moment before the process began.
    public static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
