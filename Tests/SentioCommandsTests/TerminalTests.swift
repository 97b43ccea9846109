import Foundation
import Testing

/// On a terminal: live lines that come and go, colour unless `NO_COLOR`, and nothing wider than the screen.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "needs util-linux `script`"))
struct TerminalTests {
    /// What a terminal of 80 columns shows of `run`, bytes as they come.
    private func onTerminal(
        _ project: CommandLineProject, _ arguments: String, columns: Int = 80, environment: String = "",
        terminal: String = "xterm"
    )
        throws -> String
    {
        let line =
            "script -qec 'stty cols \(columns) rows 24; \(environment) TERM=\(terminal) exec \"$SENTIO\" \(arguments)' /dev/null"
        let shown = try project.shell(line)
        #expect(shown.exitCode == 0, "\(shown)")
        return shown.output
    }

    private func withoutColor(_ text: String) -> String { text.replacing(#/\u{1B}\[[0-9;]*[a-zA-Z]/#, with: "") }

    @Test func liveLinesAppearAndAreErased() throws {
        let project = try DemoProject.copy()
        let shown = try onTerminal(project, "run p.yaml --force waves --force table")
        #expect(shown.contains("█") || shown.contains("░"), "a bar")
        #expect(shown.contains("/12"))
        #expect(shown.contains("\u{1B}[1A\u{1B}[J"), "erased")
        #expect(shown.contains("\u{1B}[32mdone\u{1B}[0m"), "colour")
        let screen = try #require(shown.components(separatedBy: "\u{1B}[J").last)
        #expect(!screen.contains("█") && screen.contains("succeeded"), "no live line is left")
    }

    @Test func noColorIsHeeded() throws {
        let shown = try onTerminal(DemoProject.copy(), "run p.yaml --force table", environment: "NO_COLOR=1")
        #expect(!shown.contains(#/\u{1B}\[[0-9;]*m/#), "no colour")
        let dumb = try onTerminal(DemoProject.copy(), "run p.yaml --force table", terminal: "dumb")
        #expect(dumb.contains("done in") && !dumb.contains("\u{1B}"))
    }

    @Test(arguments: [80, 120])
    func noLineIsWiderThanTheScreen(columns: Int) throws {
        let project = try CommandLineProject()
        let name = "a-stage-with-a-name-that-nobody-would-like-to-type-twice-in-one-day"
        let reasons = (1...6).map { "some-long-file-name-number-\($0).txt" }
        for reason in reasons { try project.write("1", to: reason) }
        let yaml = "stages: { \(name): { uses: command, cmd: \"true\", deps: [\(reasons.joined(separator: ", "))] } }\n"
        try project.write(yaml, to: "p.yaml")
        try project.sentio("run", "p.yaml", "-q")
        for reason in reasons { try project.write("2", to: reason) }
        for arguments in ["plan p.yaml", "run p.yaml", "runs list"] {
            let shown = withoutColor(try onTerminal(project, arguments, columns: columns))
            for line in shown.split(whereSeparator: \.isNewline)
            where !line.hasPrefix("run ") && !line.hasPrefix("succeeded") {
                #expect(line.count <= columns, "\(line)")
            }
        }
    }

    @Test func sentencesAreBrokenBetweenWords() throws {
        let project = try DemoProject.copy()
        try project.write(
            DemoProject.yaml.replacing(
                "split: split } }\n  score:", with: "split: split }, with: { alphas: [1, 2] } }\n  score:"),
            to: "p.yaml")
        for arguments in [
            "run p.yaml", "runs show", "compare first latest --resamples 100", "why p.yaml score --set ridge.folds=3",
        ] {
            let shown = withoutColor(try onTerminal(project, arguments)),
                lines = shown.split(whereSeparator: \.isNewline)
            for line in lines where !line.contains("█") && !line.contains("░") {
                #expect(line.count <= 80, "\(arguments): \(line)")
            }
            guard arguments == "runs show" else { continue }
            let text = shown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(text.contains("values to `alphas`."), "a warning is not cut before its cure: \(shown)")
            #expect(
                text.contains("not shown at this width: kind") && text.contains("not shown at this width: RMSE"),
                "\(shown)")
        }
        let wrong = try project.shell(
            "script -qec 'stty cols 80 rows 24; TERM=xterm exec \"$SENTIO\" plan p.yaml --onyl score' /dev/null")
        #expect(wrong.exitCode == 64)
        for line in wrong.output.split(whereSeparator: \.isNewline) { #expect(line.count <= 80, "\(line)") }
    }

    @Test func jsonOnATerminalIsNotTornByLiveLines() throws {
        let shown = try onTerminal(DemoProject.copy(), "run p.yaml --json --force table")
        #expect(!shown.contains("\u{1B}"))
        let data = shown.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("{") }
        #expect(try data.map { try JSONValue(String($0)) }.last?["event"].text == "run.finished")
    }

    @Test func aHundredStagesAreSummedUp() throws {
        let project = try CommandLineProject()
        let stages = (0..<100).map { "  s\($0): { uses: command, cmd: \"true\" }" }
        try project.write("stages:\n" + stages.joined(separator: "\n") + "\n", to: "p.yaml")
        let first = try project.sentio("run", "p.yaml")
        #expect(first.exitCode == 0)
        #expect(first.output.contains("100 executed, 0 cached"))
        let second = try project.sentio("run", "p.yaml", "--force", "s7")
        #expect(second.lines.count <= 5, "\(second.output)")
        #expect(second.output.contains("and 99 stages that were up to date"))
    }

    @Test func aFileNameCannotSteerTheTerminal() throws {
        let project = try CommandLineProject()
        try project.write("1", to: "in/\u{1B}[2Jevil.txt")
        try project.write("stages: { a: { uses: command, cmd: \"true\", deps: [in] } }\n", to: "p.yaml")
        try project.sentio("run", "p.yaml")
        try project.write("2", to: "in/\u{1B}[2Jevil.txt")
        let plan = try project.sentio("plan", "p.yaml")
        #expect(plan.output.contains("evil.txt changed"), "\(plan)")
        let run = try project.sentio("run", "p.yaml")
        #expect(run.errors.contains("evil.txt changed"))
        for text in [plan.output, run.output, run.errors] { #expect(!text.contains("\u{1B}")) }
    }
}
