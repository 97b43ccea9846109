import SentioBase
import Testing

@Suite struct SteadyClockTests {
    @Test func itGoesForwardInSeconds() {
        let start = SteadyClock.seconds
        usleep(20_000)
        let passed = SteadyClock.seconds - start
        #expect(passed >= 0.019 && passed < 20)
    }
}
