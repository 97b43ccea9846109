import Foundation
import Testing

/// `why`: the chain of causes down to a line of the file.
@Suite struct WhyCommandTests {
    @Test func upToDateAndWhenItLastRan() throws {
        let why = try DemoProject.shared().sentio("why", "p.yaml", "score")
        #expect(why.exitCode == 0)
        #expect(why.lines.first == "`score` is up to date.")
        #expect(why.output.contains("because: no record of it yet."))
    }

    @Test func theChainEndsAtTheLineThatChanged() throws {
        let project = try DemoProject.copy()
        try project.write(
            DemoProject.yaml.replacingOccurrences(of: "duration: 1.5", with: "duration: 1.25"), to: "p.yaml")
        let why = try project.sentio("why", "p.yaml", "score")
        #expect(why.exitCode == 0)
        #expect(
            Array(why.lines.prefix(6)) == [
                "`score` would run:", "  score  waits for ridge", "  ridge  waits for table",
                "  table  waits for waves",
                "Root cause:", "  waves  waves.duration: 1.5 -> 1.25 (p.yaml:9)",
            ], "\(why)")
        let json = try project.sentio("why", "p.yaml", "score", "--json").json
        #expect(json["stale"].bool == true)
        #expect(json["chain"].list.map { $0["stage"].text } == ["score", "ridge", "table", "waves"])
        #expect(json["chain"][3]["reason"]["code"].text == "parameter")
        #expect(json["last"]["reason"].text == "no record of it yet")
    }

    @Test func aProfileIsNamed() throws {
        let why = try DemoProject.shared().sentio("why", "p.yaml", "mels", "--profile", "wide")
        #expect(why.output.contains("mels.n_mels: 16 -> 24 (p.yaml:6, profile wide)"), "\(why)")
    }

    @Test func anAttemptThatFailedIsNamedWithItsLog() throws {
        let project = try CommandLineProject()
        let command = "echo hello; echo broken >&2; exit 3"
        try project.write(
            "stages:\n  bad: { uses: command, cmd: \"\(command)\" }\n  good: { uses: command, cmd: \"true\" }\n",
            to: "p.yaml")
        #expect(try !project.sentio("why", "p.yaml", "bad").output.contains("attempt"))
        let run = try project.sentio("run", "p.yaml", "--json", "-k").finished["run"].text
        let why = try project.sentio("why", "p.yaml", "bad")
        let failed = try #require(why.lines.first { $0.hasPrefix("It failed in the last attempt (") }, "\(why)")
        #expect(failed.hasSuffix(", run \(run)): The command of bad failed with exit code 3: `\(command)`."), "\(why)")
        let log = try #require(why.lines.first { $0.hasPrefix("Log: ") }?.dropFirst("Log: ".count), "\(why)")
        #expect(String(decoding: try project.read(String(log)), as: UTF8.self).contains("broken"))
        let json = try project.sentio("why", "p.yaml", "bad", "--json").json["attempt"]
        #expect(json["run"].text == run && json["state"].text == "failed" && json["message"].text.contains("broken"))
        #expect(
            try project.sentio("why", "p.yaml", "good", "--json").json["attempt"].isNull,
            "what is up to date has no such past")
        try project.write("stages: { bad: { uses: command, cmd: \"true\" } }\n", to: "p.yaml")
        try project.sentio("run", "p.yaml", "-q")
        let mended = try project.sentio("why", "p.yaml", "bad", "--set", "bad.cmd=echo")
        #expect(!mended.output.contains("attempt"), "\(mended)")
    }

    @Test func anUnknownStageIsUsage() throws {
        let why = try DemoProject.shared().sentio("why", "p.yaml", "scroe")
        #expect(why.exitCode == 64)
        #expect(why.errors.contains("Did you mean `score`?"))
    }
}
