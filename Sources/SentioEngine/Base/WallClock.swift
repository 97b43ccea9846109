import SentioBase

/// The time of day, which anybody may set: for dates, never for durations (`Stopwatch`).
enum WallClock {
    /// Nanoseconds since 1970.
    static func now() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return nanoseconds(time)
    }

    /// Seconds since 1970.
    static var seconds: Double { Double(now()) / 1e9 }

    /// Since 1970. From the year 2262 on it wraps round, which is as good to tell times apart: a file may bear any
    /// date.
    static func nanoseconds(_ time: timespec) -> Int { time.tv_sec &* 1_000_000_000 &+ time.tv_nsec }
}
