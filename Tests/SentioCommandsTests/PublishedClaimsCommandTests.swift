import Foundation
import Testing

/// `claims:` from the file into the history and the report, by the real binary.
@Suite struct PublishedClaimsCommandTests {
    private static let claims = """
        title: The paper’s claims
        opening: Two numbers are valence / arousal.
        claims:
          - { model: AST, claim: R² .62 / .59, status: never, note: No notebook computes it. }
          - { model: "<b>SVR</b>", claim: R² .500 / .567, status: measured, note: One split. }

        """

    /// The demo with claims in a folder beside it.
    private func claimed() throws -> CommandLineProject {
        let project = try DemoProject.copy()
        try project.write(Self.claims, to: "paper/claims.yaml")
        try project.write("claims: paper/claims.yaml\n" + DemoProject.yaml, to: "p.yaml")
        return project
    }

    @Test func aRunKeepsThemAndNothingRunsAnew() throws {
        let project = try claimed()
        let run = try project.sentio("run", "p.yaml", "--name", "claimed", "--json")
        #expect(run.exitCode == 0, "\(run)")
        #expect(try run.finished["stages"].list.allSatisfy { $0["state"].text == "cached" }, "\(run)")
        let start = try #require(try run.events.first)
        #expect(start["event"].text == "run.started" && start["claims"]["title"].text == "The paper’s claims")
        let shown = try project.sentio("runs", "show", "claimed", "--json").json
        #expect(shown["claims"]["claims"].list.map { $0["status"].text } == ["never", "measured"])
        #expect(try project.sentio("runs", "show", "first", "--json").json["claims"].isNull)
        let rows = try project.sentio("runs", "query", "--csv", "SELECT model, status FROM v_claims ORDER BY position")
            .lines
        #expect(rows == ["model,status", "AST,never", "<b>SVR</b>,measured"])
    }

    @Test func theReportShowsThemForRunsThatHaveThem() throws {
        let project = try claimed()
        try project.sentio("run", "p.yaml", "--name", "claimed", "--set", "ridge.alpha=1000000")
        func page(_ runs: String...) throws -> String {
            let names = runs.map { "'\($0)'" }.joined(separator: " ")
            let report = try project.shell("\"$SENTIO\" report \(names) -o - --resamples 50")
            #expect(report.exitCode == 0, "\(report.errors)")
            return report.output
        }
        let own = try page("claimed")
        #expect(
            own.contains("<h2>The paper’s claims</h2>") && own.contains("<p>Two numbers are valence / arousal.</p>"))
        #expect(own.contains("<summary>2 claims, 1 of them never measured</summary>"))
        #expect(
            own.contains("<td>AST</td><td>R² .62 / .59</td><td>never measured</td><td>No notebook computes it.</td>"))
        #expect(own.contains("&lt;b&gt;SVR&lt;/b&gt;") && !own.contains("<b>SVR</b>"))
        #expect(try page("first", "claimed").contains("<h2>The paper’s claims</h2>"))
        let plain = try page("first")
        #expect(!plain.contains("id=\"claims\"") && !plain.contains("never measured"))
    }

    @Test func itsFaultsComeWithThoseOfThePipeline() throws {
        let project = try CommandLineProject()
        try project.write(Self.claims.replacing("status: never", with: "status: nevr"), to: "claims.yaml")
        try project.write("claims: claims.yaml\nstages:\n  x: { uses: rigde }\n", to: "p.yaml")
        for command in ["lint", "run", "plan"] {
            let result = try project.sentio(command, "p.yaml")
            #expect(
                result.exitCode == 3 && result.errors.contains("p.yaml:3:14: error: Unknown kind `rigde`."), "\(result)"
            )
            #expect(
                result.errors.contains(
                    "claims.yaml:4:48: error: `status` must be `measured`, `flawed` or `never`. Did you mean `never`?"),
                "\(result)")
        }
        #expect(!project.exists("artifacts/runs.sqlite"))
    }

    /// The pipelines of the study name its claims, themselves or through what they extend.
    @Test func thePipelinesOfTheStudy() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appendingPathComponent("pipelines").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.hasSuffix(".yaml") && $0 != "study-claims.yaml"
        }
        #expect(files.count >= 7)
        let project = try CommandLineProject()
        for file in files {
            let config = try project.sentio("config", folder + "/" + file, "--json")
            #expect(config.exitCode == 0, "\(file): \(config)")
            let claims = try config.json["values"].list.first { $0["path"].text == "claims" }
            #expect(claims?["value"].text == "study-claims.yaml", "\(file)")
        }
    }
}
