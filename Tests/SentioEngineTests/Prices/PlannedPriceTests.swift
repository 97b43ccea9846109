import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine
@testable import SentioToys

/// What plans and runs say a stage will take.
@Suite struct PlannedPriceTests {
    let project: TestProject
    let yaml = """
        params: { factor: 2 }
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          scaled: { uses: toy-scale, in: { numbers: songs.numbers }, with: { factor: "${factor}" } }
          sum: { uses: toy-sum, in: { numbers: scaled } }
        """

    init() throws {
        project = try TestProject()
        for index in 0..<4 { try project.song("s\(index)", "\(index)") }
    }

    /// As if a stage had taken so long.
    private func take(_ stage: String, _ seconds: Double) throws {
        var record = try #require(try project.workspace.records.latest(pipeline: "p", stage: stage))
        record.cost = seconds
        try project.workspace.records.store(record)
    }

    private func plan(sets: [String] = [], name: String = "p.yaml") throws -> [String: PlannedStage] {
        try project.reopen()
        let pipeline = try project.pipeline(yaml, name: name, sets: sets)
        let planned = Engine(workspace: project.workspace).plan(pipeline, options: RunOptions(jobs: 2))
        return Dictionary(uniqueKeysWithValues: planned.map { ($0.stage, $0) })
    }

    private func isClose(_ price: Price?, _ seconds: Double) -> Bool {
        price.map { abs($0.seconds - seconds) < 0.15 * seconds } ?? false
    }

    @Test func onlyWhatIsNewIsPriced() async throws {
        #expect(try plan().values.allSatisfy { $0.price == nil }, "nothing ever ran")
        try await project.run(yaml)
        try take("scaled", 8)
        for index in 4..<6 { try project.song("s\(index)", "\(index)") }
        let more = try plan()
        #expect(more["scaled"]?.items?.pending == 2 && more["scaled"]?.items?.total == 6)
        #expect(
            isClose(more["scaled"]?.price, 4), "two songs at 2 s each: \(String(describing: more["scaled"]?.price))")
        // With other parameters all six are worked on; that is another pace, so the range is wide.
        let other = try #require(try plan(sets: ["factor=3"])["scaled"]?.price)
        #expect(other.low < 8 && other.high > 20)
    }

    @Test func itemsThatAreThereAreNotPriced() async throws {
        try await project.run(yaml)
        try take("scaled", 8)
        try project.song("s0", "100")
        try await project.run(yaml)
        let record = try #require(try project.workspace.records.latest(pipeline: "p", stage: "scaled"))
        #expect(record.work?.share == 0.25 && record.work?.load.amounts["songs"] == 4)
        // Its inputs are known and all of its items are there: a forced stage works on all, another run on none.
        let pipeline = try project.pipeline(yaml)
        var options = RunOptions(jobs: 2)
        options.force = ["scaled"]
        let forced = Engine(workspace: project.workspace).plan(pipeline, options: options).first {
            $0.stage == "scaled"
        }
        #expect(forced?.items?.pending == 4)
    }

    @Test func aStageThatNeverRanHasThePriceOfItsKind() async throws {
        try await project.run(yaml)
        try take("scaled", 8)
        let elsewhere = try plan(name: "q.yaml")
        #expect(elsewhere["songs"]?.state == .upToDate, "the same work under another name")
        for index in 4..<8 { try project.song("s\(index)", "\(index)") }
        let first = try plan(name: "q.yaml")
        #expect(first["scaled"]?.price != nil && first["sum"]?.state != .upToDate)
        #expect(first["sum"]?.price == nil, "its kind knows no law of its work, and eight are not four")
    }

    @Test func runsSayTheSame() async throws {
        try await project.run(yaml)
        try take("scaled", 8)
        try project.song("s4", "4")
        let events = EventLog()
        try await project.run(yaml, events: events)
        let starts = events.all.compactMap { if case .stageStarted(let start) = $0 { start } else { nil } }
        let scaled = try #require(starts.first { $0.stage == "scaled" })
        #expect(
            scaled.expectedSeconds.map { $0 > 1.6 && $0 < 2.4 } == true, "\(String(describing: scaled.expectedSeconds))"
        )
        #expect(scaled.expectedRange?.contains(2) == true)
    }
}
