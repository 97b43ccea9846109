import SentioEngine
import SentioKit
import Testing

@testable import SentioToys

/// Cells of a `matrix:` are stages like others, whatever their names hold.
@Suite struct MatrixRunTests {
    @Test func cellsWithOddNamesRunAndAreCached() async throws {
        let project = try TestProject()
        let yaml = """
            stages: { a: { uses: toy-constant, matrix: { m: [org/model, org%model, "two words", größe, "a\tb", 0.5, "\(String(repeating: "l", count: 300))"] }, with: { text: "${matrix.m}" } } }

            """
        let run = try await project.run(yaml)
        #expect(run.stages.allSatisfy { $0.state == .executed })
        #expect(try project.output(run, "a@m=org%2Fmodel") == "org/model")
        #expect(try await project.run(yaml).stages.allSatisfy { $0.state == .cached })
    }
}
