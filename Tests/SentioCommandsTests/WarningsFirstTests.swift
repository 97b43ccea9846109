import Foundation
import Testing

/// A doubtful result never looks clean: whatever shows it says first what it was warned of, also when it comes from the
/// cache.
@Suite struct WarningsFirstTests {
    /// Of two penalties the better one always is an edge of the grid.
    private static let yaml = DemoProject.yaml.replacing(
        "labels: songs.labels, split: split } }\n  score:",
        with: "labels: songs.labels, split: split }, with: { alphas: [1, 2] } }\n  score:")
    private static let sentence = "The best `alphas` for "

    private func project() throws -> CommandLineProject {
        let project = try DemoProject.copy()
        try project.write(Self.yaml, to: "p.yaml")
        return project
    }

    private func count(_ text: String) -> Int { text.components(separatedBy: Self.sentence).count - 1 }

    @Test func aRunSaysEachOnceAndSoDoesTheNext() throws {
        let project = try project()
        let first = try project.sentio("run", "p.yaml"), warnings = count(first.errors)
        #expect((1...2).contains(warnings) && count(first.output) == 0, "\(first)")
        #expect(first.output.contains("executed, 5 cached, ") && first.output.contains(" warning"), "\(first)")
        #expect(
            try project.sentio("runs", "list", "--json").json["runs"][0]["warnings"].int == warnings + 1,
            "as the run says")
        let again = try project.sentio("run", "p.yaml")
        #expect(
            count(again.errors) == warnings && again.errors.contains("warning: ridge: \(Self.sentence)"), "\(again)")
        // The fourth says that three songs make no score.
        #expect(again.output.contains("up to date, \(warnings + 1) warnings") && again.lines.count <= 6, "\(again)")
        let json = try project.sentio("run", "p.yaml", "--json")
        #expect(try json.finished["stages"][named: "ridge"]["warnings"].list.count == warnings)
        #expect(count(json.errors) == warnings)
    }

    @Test func whatLooksAtTheRunLaterSaysThemFirst() throws {
        let project = try project()
        try project.sentio("run", "p.yaml", "-q")
        try project.sentio("run", "p.yaml", "-q", "--name", "second")
        let show = try project.sentio("runs", "show", "second")
        #expect(show.lines[1].hasPrefix("warning: ridge: \(Self.sentence)"), "\(show)")
        #expect(try project.sentio("runs", "list").lines[1].contains(" warning"))
        let compared = try project.sentio("compare", "first", "second")
        let table = try #require(compared.lines.firstIndex { $0.contains("difference  95 %") })
        let warned = try #require(compared.lines.firstIndex { $0.hasPrefix("warning: ridge: ") })
        #expect(warned < table, "\(compared)")
        try project.sentio("report", "second", "-o", "r.html")
        let page = String(decoding: try project.read("r.html"), as: UTF8.self)
        let place = try #require(page.range(of: "Warning: ridge: "))
        #expect(try place.lowerBound < #require(page.range(of: "<section")?.lowerBound), "above every section")
    }

    @Test func aSweepEndsWithThem() throws {
        let project = try project()
        try project.write(Self.yaml + "sweep: { parameters: { split.seed: { values: [1, 2] } } }\n", to: "p.yaml")
        let sweep = try project.sentio("sweep", "p.yaml", "-q")
        #expect(sweep.exitCode == 0, "\(sweep)")
        #expect(sweep.lines[0].hasPrefix("warning: ridge: \(Self.sentence)"), "\(sweep)")
        #expect(
            sweep.lines.contains { $0.hasPrefix("cell") && $0.contains("score.test.ccc") },
            "the pipeline's headline: \(sweep)")
        let again = try project.sentio("sweep", "p.yaml", "-q")
        #expect(again.lines[0].hasPrefix("warning: ridge: \(Self.sentence)"), "\(again)")
    }
}
