import SentioKit
import Testing

@testable import SentioCommands

/// What a run and a plan say first of profiles and of their cost.
@Suite struct RunHeaderTests {
    private static let profiles: [RunDescription.Profile] = [
        .init(name: "default", description: "compact sizes: minutes"), .init(name: "demo"),
        .init(name: "published", description: "the study's sizes: hours"),
    ]

    private func header(_ profile: String?, _ profiles: [RunDescription.Profile]) -> RunHeader {
        RunHeader(pipeline: "phase4", file: "p/phase4.yaml", seed: 42, profile: profile, profiles: profiles)
    }

    @Test func theProfileThatAppliesIsDescribed() {
        let own = header(nil, Self.profiles)
        #expect(own.title == "phase4 (p/phase4.yaml), seed 42, profile default (compact sizes: minutes)")
        #expect(own.short == "phase4 (p/phase4.yaml), seed 42")
        #expect(own.others == "Other profiles: --profile demo; --profile published (the study's sizes: hours).")
        let published = header("published", Self.profiles)
        #expect(published.title == "phase4 (p/phase4.yaml), seed 42, profile published (the study's sizes: hours)")
        #expect(published.short == "phase4 (p/phase4.yaml), seed 42, profile published")
        #expect(published.others == "Other profiles: --profile default (compact sizes: minutes); --profile demo.")
        #expect(header("default", Self.profiles).title == own.title)
    }

    @Test func aFileThatDoesNotDescribeItself() {
        let none = header(nil, [])
        #expect(none.title == "phase4 (p/phase4.yaml), seed 42" && none.others == nil)
        let one = header(nil, [.init(name: "demo")])
        #expect(one.title == "phase4 (p/phase4.yaml), seed 42, no profile")
        #expect(one.others == "Other profile: --profile demo.")
    }

    @Test func theCost() {
        func cost(_ pending: Int, unknown: Int = 0, _ range: ClosedRange<Double>?, isMost: Bool = false) -> String? {
            RunHeader.cost(
                .init(stages: 16, pending: pending, unknown: unknown, expectedRange: range, isMost: isMost))
        }
        #expect(cost(0, nil) == nil)
        #expect(
            cost(16, unknown: 16, nil) == "No estimate yet: nothing of this kind has run in this workspace.")
        #expect(cost(12, 40...80) == "About 40 s to 1 min 20 s for 12 of 16 stages.")
        #expect(cost(12, 40...40, isMost: true) == "About 40 s at most for 12 of 16 stages.")
        #expect(
            cost(12, unknown: 3, 40...40, isMost: true)
                == "At least about 40 s for 12 of 16 stages; there is no estimate for 3.")
    }

    @Test func runsAndPlansBeginWithIt() throws {
        let project = try DemoProject.copy()
        let plan = try project.sentio("plan", "p.yaml", "--set", "bands=20")
        #expect(
            Array(plan.lines.prefix(2)) == ["small (p.yaml), seed 42, no profile", "Other profile: --profile wide."],
            "\(plan)")
        let run = try project.sentio("run", "p.yaml", "--profile", "wide")
        let said = run.errors.split(separator: "\n").map(String.init)
        #expect(said[0].hasSuffix("  small (p.yaml), seed 42, profile wide"), "\(run)")
        #expect(said[1].contains(#/^About .* for 1 of 7 stages\.$/#), "\(run)")
        // A run with nothing to do says nothing of cost and other profiles.
        let again = try project.sentio("run", "p.yaml", "--profile", "wide")
        #expect(again.errors.hasPrefix("run ") && !again.errors.contains("About"), "\(again)")
    }

    @Test func theFirstEventHasItToo() throws {
        let project = try DemoProject.copy()
        let run = try project.sentio("run", "p.yaml", "--json", "--set", "bands=20")
        let start = try #require(try run.events.first)
        #expect(start["profile"].isNull && start["profiles"].list.map { $0["name"].text } == ["wide"])
        #expect(start["outlook"]["pending"].int == 1 && start["outlook"]["stages"].int == 7, "\(run)")
        #expect(start["outlook"]["unknown"].int == 0 && start["outlook"]["expected_range"].list.count == 2)
        try project.write("stages: { x: { uses: command, cmd: ls } }\n", to: "q.yaml")
        let plain = try #require(try project.sentio("run", "q.yaml", "--json").events.first)
        #expect(plain["profiles"].list.isEmpty && plain["outlook"].isNull)
    }

    @Test func aSweepSaysItOnceAndNotForEveryCell() throws {
        let project = try DemoProject.copy()
        let sweep = try project.sentio("sweep", "p.yaml", "--matrix", "bands=20,24")
        #expect(sweep.exitCode == 0 && !sweep.errors.contains("rofile"), "\(sweep)")
    }
}
