import SentioNN
import Testing

@Suite struct ScheduleTests {
    @Test func warmsUpAndFallsOnACosine() {
        let schedule = CosineSchedule(floor: 0.1)
        func factor(_ step: Int) -> Double { schedule.factor(at: step, of: 14, warmup: 4) }
        #expect((0..<4).map(factor) == [0.25, 0.5, 0.75, 1])
        #expect(factor(4) == 1 && abs(factor(9) - 0.55) < 1e-12)
        #expect(abs(factor(14) - 0.1) < 1e-12 && factor(100) == factor(14))
    }

    @Test func linearAndConstant() {
        #expect([0, 5, 10].map { LinearSchedule().factor(at: $0, of: 10) } == [1, 0.5, 0])
        #expect([0, 5, 10].map { ConstantSchedule().factor(at: $0, of: 10) } == [1, 1, 1])
    }

    /// A training that is no longer than its warm-up.
    @Test func withoutStepsAScheduleIsAtItsEnd() {
        let factors = Schedules.all.map { $0.init(Schedules.Settings(floor: 0.2)).factor(at: 3, of: 0) }
        #expect(factors == [1, 0.2, 0.2, 1])
    }

    @Test func onlyAPlateauWatchesLosses() {
        let losses = [Double](repeating: 1, count: 9)
        for type in Schedules.all {
            let factor = type.init(Schedules.Settings()).factor(after: losses, rate: 1)
            #expect((factor == 1) == !type.watchesValidation, "\(type.name)")
        }
    }
}
