/// Measures how long something takes, by a clock that nobody can set: never negative, whatever becomes of the time of
/// day.
struct Stopwatch: Sendable {
    private let started = ContinuousClock.now

    /// Since it was made.
    var seconds: Double { max(0, (ContinuousClock.now - started) / .seconds(1)) }
}
