import Foundation
import SentioKit
import Testing

@testable import SentioEngine
@testable import SentioToys

/// How many cores a stage gets.
@Suite struct CoresTests {
    /// `first` has the longest way to go, so that it runs when `whole` and `two` are looked at.
    private static let yaml = """
        stages:
          first: { uses: toy-constant, with: { text: a } }
          second: { uses: toy-constant, in: { after: first }, with: { text: b } }
          third: { uses: toy-constant, in: { after: second }, with: { text: c } }
          whole: { uses: toy-threads }
          two: { uses: toy-threads, resources: { cores: 2 }, with: { number: 2 } }
          late: { uses: toy-threads, in: { after: first } }

        """

    @Test func whatDependsOnThreadsHasTheSameNumberWhateverRunsBesideIt() async throws {
        let project = try TestProject(), events = EventLog()
        let outcome = try await project.run(Self.yaml, configure: { $0.jobs = 3 }, events: events)
        #expect(outcome.status == .succeeded && events.started.first == "first" && events.started.count == 6)
        let threads = Dictionary(
            outcome.stages.map { ($0.stage, $0.metrics["threads"]) }, uniquingKeysWith: { first, _ in first })
        #expect(threads["whole"] == 3 && threads["two"] == 2 && threads["late"] == 3, "\(threads)")
        let few = try await project.run(
            Self.yaml,
            configure: { options in
                options.jobs = 1
                options.force = ["two"]
            })
        #expect(few.stages.first { $0.stage == "two" }?.metrics["threads"] == 1)
    }

    @Test func aFailureBesideOneThatWaitsForCoresEndsTheRun() async throws {
        let project = try TestProject()
        let outcome = try await project.run(
            Self.yaml.replacingOccurrences(of: "text: a", with: "text: fail"), configure: { $0.jobs = 3 })
        #expect(outcome.status == .failed)
        #expect(outcome.stages.filter { $0.stage == "whole" || $0.stage == "late" }.allSatisfy { $0.state == .skipped })
        let going = try await project.run(
            Self.yaml.replacingOccurrences(of: "text: a", with: "text: fail"),
            configure: { options in
                options.jobs = 3
                options.keepGoing = true
            })
        #expect(going.stages.first { $0.stage == "whole" }?.metrics["threads"] == 3)
    }
}
