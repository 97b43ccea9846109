/// Measures how long something takes, by a clock that nobody can set: never negative, whatever becomes of the time of
/// day.
package struct Stopwatch: Sendable {
    private let started = ContinuousClock.now

    package init() {}

    /// Since it was made.
    package var seconds: Double { max(0, (ContinuousClock.now - started) / .seconds(1)) }
}
