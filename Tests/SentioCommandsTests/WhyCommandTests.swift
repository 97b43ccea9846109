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
                "`score` would run:", "  score  waits for ridge", "  ridge  waits for table", "  table  waits for waves",
                "The first cause:", "  waves  waves.duration: 1.5 -> 1.25 (p.yaml:9)",
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

    @Test func anUnknownStageIsUsage() throws {
        let why = try DemoProject.shared().sentio("why", "p.yaml", "scroe")
        #expect(why.exitCode == 64)
        #expect(why.errors.contains("Did you mean `score`?"))
    }
}
