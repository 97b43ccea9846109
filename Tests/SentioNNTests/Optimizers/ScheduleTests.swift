import SentioNN
import Testing

@Suite struct ScheduleTests {
    @Test func warmsUpAndFallsOnACosine() {
        let schedule = Schedule(.cosine, total: 14, warmup: 4, floor: 0.1)
        #expect((0..<4).map(schedule.factor) == [0.25, 0.5, 0.75, 1])
        #expect(schedule.factor(at: 4) == 1 && abs(schedule.factor(at: 9) - 0.55) < 1e-12)
        #expect(abs(schedule.factor(at: 14) - 0.1) < 1e-12 && schedule.factor(at: 100) == schedule.factor(at: 14))
    }

    @Test func linearAndConstant() {
        #expect([0, 5, 10].map(Schedule(.linear, total: 10).factor) == [1, 0.5, 0])
        #expect(Schedule(total: 0).factor(at: 3) == 1)
    }
}
