import Testing

/// `completion`: a script for each shell.
@Suite struct CompletionCommandTests {
    @Test(arguments: ["bash", "zsh", "fish"])
    func aScriptThatKnowsTheCommands(shell: String) throws {
        let project = try CommandLineProject()
        let script = try project.sentio("completion", shell)
        #expect(script.exitCode == 0)
        #expect(script.output.contains("sentio-pipeline") && script.output.contains("artifacts"))
        #expect(script.output.contains("keep-going"))
        let same = try project.sentio("--generate-completion-script", shell)
        #expect(same.output.split(separator: "\n") == script.output.split(separator: "\n"))
    }

    @Test func bashReadsIt() throws {
        let project = try CommandLineProject()
        #expect(try project.shell("\"$SENTIO\" completion bash > c.sh && bash -n c.sh").exitCode == 0)
    }

    @Test func anotherShellIsUsage() throws {
        #expect(try CommandLineProject().sentio("completion", "cmd").exitCode == 64)
    }
}
