import Testing

/// `--help` of every command: that it is there, and that it names the exit codes where they mean something.
@Suite struct HelpTests {
    @Test func theToolListsItsCommandsAndAllExitCodes() throws {
        let help = try CommandLineProject().sentio("--help")
        #expect(help.exitCode == 0 && help.errors.isEmpty)
        for command in [
            "run", "sweep", "plan", "why", "lint", "graph", "config", "stages", "schema", "init", "dataset", "runs",
            "artifacts", "completion",
        ] {
            #expect(help.output.contains("\n  \(command) "), "\(command)")
        }
        let text = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for code in [
            "0 done", "1 a stage failed", "3 invalid pipeline", "4 stale", "5 lock", "6 an expectation failed",
            "7 leakage",
        ] {
            #expect(text.contains(code), "\(code)")
        }
        for code in ["8 verify mismatch", "64 usage", "130/143"] { #expect(text.contains(code), "\(code)") }
    }

    @Test(arguments: [
        (
            "run",
            ["0 done", "1 a stage", "3 invalid", "5 lock", "6 an expectation", "7 leakage", "64 usage", "130/143"]
        ),
        ("sweep", ["0 done", "1 a cell", "3 invalid", "5 lock", "6 a claim", "7 leakage", "64 usage", "130/143"]),
        ("plan", ["0 done", "3 invalid", "4 something"]), ("why", ["0 done", "3 invalid"]),
        ("lint", ["0 all", "3 at least"]),
        ("graph", ["3 invalid"]), ("config", ["3 invalid"]), ("artifacts verify", ["8 at least"]),
        ("dataset check", ["0 the dataset", "1 it cannot", "64 usage"]), ("init", ["0 done", "1 the dataset"]),
    ])
    func exitCodesStandInTheHelp(command: String, codes: [String]) throws {
        let help = try CommandLineProject().shell("\"$SENTIO\" \(command) --help")
        #expect(help.exitCode == 0)
        let text = help.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("Exit codes: "))
        for code in codes { #expect(text.contains(code), "\(command): \(code)") }
    }

    @Test(arguments: [
        "stages", "schema", "init", "dataset", "dataset check", "completion", "runs", "runs list", "runs show",
        "runs compare", "runs query", "runs sweeps",
        "artifacts",
        "artifacts list",
        "artifacts show", "artifacts export",
    ])
    func everyCommandHasHelp(command: String) throws {
        let help = try CommandLineProject().shell("\"$SENTIO\" \(command) --help")
        #expect(help.exitCode == 0)
        #expect(help.output.contains("OVERVIEW: ") && help.output.contains("USAGE: sentio-pipeline \(command)"))
    }

    @Test(arguments: [
        ("rnu p.yaml", "There is no command `rnu`. Did you mean `run`?"),
        ("runs shwo", "There is no command `runs shwo`. Did you mean `runs show`?"),
        ("artifacts lst", "Did you mean `artifacts list`?"),
        ("frobnicate", "There is no command `frobnicate`. The commands are run, sweep, plan, "),
    ])
    func aCommandThatThereIsNotIsNamedWithTheNearest(command: String, sentence: String) throws {
        let result = try CommandLineProject().shell("\"$SENTIO\" \(command)")
        #expect(result.exitCode == 64 && result.output.isEmpty && result.errors.contains("Error: "), "\(result)")
        #expect(
            result.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(sentence), "\(result)")
    }

    @Test func theVersion() throws {
        #expect(try CommandLineProject().sentio("--version").output.contains(#/^\d+\.\d+\.\d+\n$/#))
    }
}
