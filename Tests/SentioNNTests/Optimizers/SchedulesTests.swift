import SentioNN
import Testing

@Suite struct SchedulesTests {
    @Test func everyScheduleFileIsInTheList() throws {
        let files = try TypeFiles.names(in: "Optimizers/Schedules", ending: "Schedule")
        #expect(
            files == (Schedules.all.map { String(describing: $0) } + ["Schedule"]).sorted(),
            "A schedule is missing from Schedules.all, or its file has another name.")
        #expect(Set(Schedules.all.map { $0.name }).count == Schedules.all.count)
    }
}
