import Foundation
import SentioKit
import SentioSpec
import Testing

@testable import SentioEngine
@testable import SentioToys

/// What a stage warned of belongs to its result: it is said again whenever the result is used.
@Suite struct WarningTests {
    let project: TestProject
    let yaml = """
        stages:
          songs: { uses: toy-songs, with: { source: songs } }
          checked: { uses: toy-warn, in: { numbers: songs.numbers }, with: { limit: 9 } }
        """

    init() throws {
        project = try TestProject()
        for (id, text) in [("a", "1"), ("b", "20"), ("c", "300"), ("d", "40")] { try project.song(id, text) }
    }

    private static let sentences = ["The limit is odd.", "3 songs: above 9 (b, c, d)", "c: far above, at 300"]

    @Test func aCachedStageRepeatsThem() async throws {
        let first = EventLog(), second = EventLog()
        let run = try await project.run(yaml, events: first)
        #expect(first.warnings == Self.sentences)
        #expect(run["checked"]?.warnings == Self.sentences)
        let again = try await project.run(yaml, events: second)
        #expect(again["checked"]?.state == .cached)
        #expect(second.warnings == Self.sentences)
        #expect(again["checked"]?.warnings == Self.sentences)
    }

    @Test func itemsThatAreNotMadeAgainKeepTheirs() async throws {
        try await project.run(yaml)
        try project.song("b", "2")
        let events = EventLog()
        let run = try await project.run(yaml, events: events)
        #expect(run["checked"]?.items == ItemCounts(total: 4, executed: 1, cached: 3))
        #expect(events.warnings == ["The limit is odd.", "2 songs: above 9 (c, d)", "c: far above, at 300"])
    }

    @Test func anAttemptThatGoesOnKeepsThoseOfTheAttemptBefore() async throws {
        let yaml = "stages: { parts: { uses: toy-parts } }\n"
        try project.write("", to: "stop.txt")
        #expect(try await project.run(yaml)["parts"]?.state == .failed)
        try project.remove("stop.txt")
        let resumed = EventLog(), cached = EventLog()
        let run = try await project.run(yaml, events: resumed)
        #expect(resumed.warnings == ["The first part is doubtful.", "Goes on.", "The second part is doubtful."])
        let kept = ["The first part is doubtful.", "The second part is doubtful."]
        #expect(run["parts"]?.warnings == kept)
        try await project.run(yaml, events: cached)
        #expect(cached.warnings == kept, "a remark is about one attempt and is not repeated")
    }

    /// Whichever of the collections lacks them: the first one did so in silence.
    @Test func songsThatAnInputLacksAreOneSentence() async throws {
        let yaml = """
            stages:
              songs: { uses: toy-songs, with: { source: songs } }
              others: { uses: toy-songs, with: { source: others } }
              pairs: { uses: toy-pair, in: { left: LEFT.numbers, right: RIGHT.numbers } }
            """
        func run(_ left: String, _ right: String) async throws -> RunOutcome {
            try await project.run(yaml.replacing("LEFT", with: left).replacing("RIGHT", with: right))
        }
        try FileManager.default.createDirectory(atPath: project.path + "/others", withIntermediateDirectories: true)
        for (id, text) in [("b", "2"), ("d", "4"), ("x", "5")] {
            try TestFiles.write(text, to: "\(project.path)/others/\(id).txt")
        }
        let first = try await run("songs", "others")
        #expect(first["pairs"]?.items == ItemCounts(total: 2, executed: 2, cached: 0))
        #expect(
            first["pairs"]?.warnings == [
                "3 songs are not in every input of pairs and are left out: `a` (not in right), `c` (not in right), `x` (not in left)."
            ])
        #expect(
            try await run("others", "songs")["pairs"]?.warnings == [
                "3 songs are not in every input of pairs and are left out: `a` (not in left), `c` (not in left), `x` (not in right)."
            ])
        for id in ["a", "c", "x"] { try TestFiles.write("1", to: "\(project.path)/others/\(id).txt") }
        #expect(
            try await run("songs", "others")["pairs"]?.warnings == [
                "1 song is not in every input of pairs and is left out: `x` (not in left)."
            ])
        for index in 0..<60 { try project.song("s\(index)", "1") }
        let warnings = try #require(try await run("songs", "others")["pairs"]?.warnings)
        #expect(warnings.count == 1 && warnings[0].hasPrefix("61 songs are") && warnings[0].hasSuffix(" and 56 more."))
    }

    @Test func manyWarningsAreCounted() async throws {
        for index in 0..<60 { try project.song("s\(index)", "\(1000 + index)") }
        let run = try await project.run(yaml)
        let kept = try #require(run["checked"]?.warnings)
        #expect(kept.count == 51)
        #expect(kept[1] == "63 songs: above 9 (b, c, d, s0, s1 and 58 more)")
        #expect(kept.last == "and 13 more warnings; the stage's log has them all.")
    }

    /// A message names the first few; the log names every one, for whoever must mend them all.
    @Test func theLogNamesEverySongThatFailed() async throws {
        for index in 0..<30 { try project.song("bad\(index)", "no number") }
        let skipping = yaml.replacing("with: { limit: 9 }", with: "with: { limit: 9 }, on_error: skip")
        let run = try await project.run(skipping)
        #expect(run["checked"]?.items?.failed == 30)
        let log = try #require(project.read("artifacts/runs/\(run.run)/checked/log.txt"))
        for index in 0..<30 { #expect(log.contains("bad\(index): `no number` is not a number.")) }
    }

    @Test func recordsOfEarlierVersionsStillSpeak() throws {
        let key = StageKey(Hashing.content("key"))
        let parts = KeyParts(kind: "toy-warn", version: 1, configuration: [:], inputs: [:], sources: [:], seed: nil)
        var record = StageRecord(
            key: key, stage: "checked", pipeline: "p", run: "r", parts: parts, outputs: [:], seconds: 1, reason: "",
            finishedAt: 0)
        record.warnings = ["1 of 3 songs failed in checked and are left out"]
        try project.workspace.records.store(record)
        let log = project.path + "/artifacts/actions/stages.log"
        let line = try #require(project.read("artifacts/actions/stages.log"))
        #expect(line.contains(#""warnings":["1 of 3 songs failed in checked and are left out"]"#))
        // The line as it was written before records kept all warnings; its checksum is that of the payload.
        let now = #""warnings":["1 of 3 songs failed in checked and are left out"]"#
        let payload = String(line.dropLast().split(separator: " ", maxSplits: 3)[3])
            .replacing(now, with: #""left_out":"1 of 3 songs were left out""#)
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in payload.utf8 { sum = (sum ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let hex = String(sum, radix: 16), padded = String(repeating: "0", count: 16 - hex.count) + hex
        try TestFiles.write("\(key.hash.hex) \(String(repeating: "0", count: 16)) \(padded) \(payload)\n", to: log)
        try project.reopen()
        #expect(try project.workspace.records.stage(key)?.warnings == ["1 of 3 songs were left out"])
    }
}
