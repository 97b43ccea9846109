import SentioEngine
import SentioKit
import Testing

@testable import SentioToys

/// The published claims that a pipeline names travel with its runs and change no key.
@Suite struct ClaimsOfARunTests {
    private static let stages = "stages:\n  a: { uses: toy-constant }\n"
    private static let claims = """
        title: What the paper says
        opening: Two numbers.
        claims:
          - { model: A, claim: R² .5, status: measured, note: One split. }
          - { model: 2, claim: 0.60, status: never, note: An estimate. }

        """

    @Test func aRunCarriesThemAndItsKeysDoNot() async throws {
        let project = try TestProject()
        try project.write(Self.claims, to: "claims.yaml")
        let before = try await project.run(Self.stages), log = EventLog()
        let after = try await project.run("claims: claims.yaml\n" + Self.stages, events: log)
        #expect(before.states == "a executed" && after.states == "a cached" && before["a"]?.key == after["a"]?.key)
        guard case .runStarted(let run)? = log.all.first else { throw StageFailure("no run has started") }
        #expect(run.claims?.claims.map(\.status) == [.measured, .never])
        #expect(run.value["claims"]?["title"] == "What the paper says")
    }
}
