import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine
@testable import SentioToys

/// An unfinished stage says from where it goes on; its price is that of the rest, its cost the sum of its parts.
@Suite struct ResumptionTests {
    let project: TestProject
    let yaml =
        "params: { epochs: 10, goes_on: false }\nstages:\n  steps: { uses: toy-steps, with: { epochs: \"${epochs}\", goes_on: \"${goes_on}\" } }\n"

    init() throws { project = try TestProject() }

    /// The folder of the only stage that left a checkpoint.
    private func folder() throws -> String {
        let folder = project.path + "/artifacts/tmp/checkpoints"
        return folder + "/" + (try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first))
    }

    /// The note of the only checkpoint, as if the attempts up to it had taken so long.
    private func take(_ seconds: Double) throws {
        let folder = try folder()
        var note = try #require(CheckpointNote(directory: folder))
        #expect(note.stage == "steps" && note.pipeline == "p" && note.kind == "toy-steps" && note.run.hasPrefix("2"))
        note.seconds = seconds
        var state = try FileBytes.read(folder + "/state")
        CheckpointNote.remove(from: &state)
        try Data(state + note.trailer).write(to: URL(fileURLWithPath: folder + "/state"))
    }

    private func planned(_ sets: [String] = []) throws -> PlannedStage {
        try #require(try project.plan(yaml, sets: sets).first)
    }

    @Test func aStoppedStageGoesOnAndSaysSo() async throws {
        #expect(try planned().resumption == nil)
        try project.write("7", to: "stop")
        #expect(try await project.run(yaml)["steps"]?.state == .failed)
        try take(70)
        try project.remove("stop")
        let plan = try planned()
        #expect(plan.resumption?.mark.text == "resumes from epoch 8 of 10" && plan.resumption?.secondsBefore == 70)
        #expect(
            plan.price.map { $0.low < 30 && 30 < $0.high && $0.high < 45 } == true,
            "three of ten are left: \(String(describing: plan.price))")
        let events = EventLog()
        let outcome = try await project.run(yaml, events: events)
        let start = events.all.compactMap { if case .stageStarted(let start) = $0 { start } else { nil } }.first
        #expect(start?.resumption == "resumes from epoch 8 of 10")
        let record = try #require(try project.workspace.records.latest(pipeline: "p", stage: "steps"))
        #expect(record.cost >= 70 && record.cost < 70 + 600, "the sum of its parts")
        #expect(
            outcome["steps"].map { $0.seconds <= record.cost - 69 } == true && record.seconds <= record.cost - 69,
            "what this run took")
        // However long the rest took on a busy machine.
        let twice = 2 * record.cost
        #expect(
            try planned(["epochs=20"]).price.map { $0.low < twice && twice < $0.high * 1.1 } == true,
            "priced by the sum")
    }

    @Test func moreEpochsGoOnFromTheLast() async throws {
        try await project.run(yaml, sets: ["epochs=5", "goes_on=true"])
        try take(50)
        let longer = try planned(["epochs=8", "goes_on=true"])
        #expect(longer.resumption?.mark.text == "resumes from epoch 6 of 8")
        #expect(longer.price.map { $0.low < 30 && 30 < $0.high && $0.high < 45 } == true)
        #expect(try planned(["epochs=3", "goes_on=true"]).resumption == nil, "fewer begin anew")
        try await project.run(yaml, sets: ["epochs=8", "goes_on=true"])
        let record = try #require(try project.workspace.records.latest(pipeline: "p", stage: "steps"))
        #expect(record.cost >= 50)
    }

    @Test func aNoteThatIsNoneIsNotBelieved() async throws {
        try project.write("7", to: "stop")
        try await project.run(yaml)
        let state = try folder() + "/state"
        var saved = try FileBytes.read(state)
        let whole = saved
        CheckpointNote.remove(from: &saved)
        #expect(saved == Array("7".utf8), "what the stage saved")
        func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: state)) }
        for text in [
            "", "{}", #"{"unit":"epoch","done":-1,"total":10,"seconds":3}"#,
            #"{"unit":"epoch","done":1e300,"total":1e300,"seconds":3}"#,
            #"{"unit":"epoch","done":3,"total":10,"seconds":-3}"#,
        ] {
            try write(saved + Array(text.utf8) + [UInt8(text.utf8.count), 0, 0, 0] + whole.suffix(8))
            #expect(try planned().resumption == nil, "\(text)")
        }
        // A length beyond the file, one beyond any note, the end of a note alone, another ending.
        for bytes in [
            [255, 0, 0, 0] + whole.suffix(8), saved + [0, 0, 0, 255] + whole.suffix(8), Array(whole.suffix(8)),
            Array(whole.dropLast()),
        ] as [[UInt8]] {
            try write(bytes)
            #expect(try planned().resumption == nil)
            var left = bytes
            CheckpointNote.remove(from: &left)
            #expect(left == bytes, "nothing is taken off")
        }
        try write(whole)
        #expect(try planned().resumption?.mark.text == "resumes from epoch 8 of 10")
    }

    @Test func marksAreWords() {
        #expect(CheckpointMark(unit: "epoch", done: 77.4, total: 100).text == "resumes from epoch 78 of 100")
        #expect(CheckpointMark(unit: "epoch", done: 8, total: 8).text == "resumes after epoch 8 of 8")
        #expect(CheckpointMark(unit: "item", done: 0, total: 0).left == 1)
    }
}
