/// Measures durations with a monotonic clock: they are never negative, even if the time of day is changed.
package struct Stopwatch: Sendable {
    private let started = ContinuousClock.now

    package init() {}

    /// Seconds since it was created.
    package var seconds: Double { max(0, (ContinuousClock.now - started) / .seconds(1)) }
}
