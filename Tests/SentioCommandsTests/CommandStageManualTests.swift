import Foundation
import Testing

/// The example of docs/command-stages.md, taken out of the page and run.
@Suite struct CommandStageManualTests {
    /// The page's blocks whose first line names a file.
    private func project() throws -> CommandLineProject {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/command-stages.md"), encoding: .utf8)
        let project = try CommandLineProject()
        for block in page.components(separatedBy: "\n```").enumerated().filter({ $0.offset % 2 == 1 }).map(\.element) {
            let lines = block.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
            guard let name = lines.first, name.hasPrefix("# "), name.contains("."), !name.contains("`") else {
                continue
            }
            try project.write(lines.joined(separator: "\n") + "\n", to: String(name.dropFirst(2)))
        }
        return project
    }

    @Test func theExampleRunsAndIsCached() throws {
        let project = try project()
        let first = try project.sentio("run", "pipeline.yaml", "--json")
        #expect(first.exitCode == 0, "\(first)")
        #expect(try first.states == "data executed, fit@model=least squares executed, fit@model=short executed")
        let fit = try first.finished["stages"][named: "fit@model=least squares"]
        #expect((1.5...2.5).contains(fit["metrics"]["slope"].number ?? 0))
        #expect(
            try project.shell("cat artifacts/runs/latest/fit@model=short/model.json").output.contains(
                "\"model\": \"short\""))
        func states(_ arguments: String...) throws -> String {
            let result = try RunningCommand(
                CommandLineProject.binary, ["run", "pipeline.yaml", "--json"] + arguments, in: project.path,
                environment: [:]
            ).finish()
            return try result.states.replacingOccurrences(of: "fit@model=", with: "")
        }
        #expect(try states() == "data cached, least squares cached, short cached")
        // Another key of params.yaml is no change; the one that is named is, and it is named.
        try project.write("rate: 0.2\ncomment: another\n", to: "params.yaml")
        #expect(try states() == "data cached, least squares cached, short cached")
        try project.write("rate: 0.1\ncomment: another\n", to: "params.yaml")
        let why = try project.sentio("why", "pipeline.yaml", "fit@model=short")
        #expect(why.output.contains("params.yaml:rate"), "\(why)")
        #expect(try states() == "data cached, least squares executed, short executed")
        // A param that is exposed is part of the key; so is what one cell alone takes.
        #expect(try states("--set", "noise=0.3").hasPrefix("data executed"))
        let wrong = try project.sentio("lint", "pipeline.yaml", "--set", "data.expose=[nois]")
        #expect(
            wrong.exitCode == 3 && wrong.errors.contains("There is no param `nois`. Did you mean `${noise}`?"),
            "\(wrong)")
    }
}
