import SentioBase

/// The time of day, which can be changed: for dates, never for durations (`Stopwatch`).
enum WallClock {
    /// Nanoseconds since 1970.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    /// Seconds since 1970.
    static var seconds: Double { Double(now()) / 1e9 }

    /// Nanoseconds since 1970. Files can have any date; from the year 2262 on the number wraps around, but still
    /// distinguishes times.
    static func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }
}
