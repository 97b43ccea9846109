@testable import SentioCommands
import Testing

@Suite struct ProgressCadenceTests {
    /// The seconds at which lines come of a stage that takes so long.
    private func lines(of duration: Int) -> [Int] {
        var cadence = ProgressCadence()
        return (0...duration).filter { cadence.isDue(at: Double($0), done: $0, of: duration) }
    }

    @Test func shortStagesAreSilent() {
        #expect(lines(of: 25).isEmpty)
        #expect(lines(of: 60) == [30])
    }

    @Test func atEveryTenthAndNeverMoreOftenThanEveryHalfMinute() {
        #expect(lines(of: 1000) == [100, 200, 300, 400, 500, 600, 700, 800, 900])
        let some = lines(of: 100)
        #expect(some == [30, 60, 90])
    }

    @Test func longOnesAreNotSilentForHours() {
        let day = lines(of: 86_400)
        #expect(day.count > 200 && day.count < 320)
        #expect(zip(day, day.dropFirst()).allSatisfy { $1 - $0 <= 300 })
    }

    @Test func noneBeforeTheFirstStepOrAfterTheLast() {
        var cadence = ProgressCadence()
        #expect(!cadence.isDue(at: 1000, done: 0, of: 0) && !cadence.isDue(at: 1000, done: 5, of: 5))
        let isDue = cadence.isDue(at: 1000, done: 0, of: 5)
        #expect(isDue, "that nothing was reached in all that time is worth a line")
    }
}
