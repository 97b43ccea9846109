import Testing

/// Pipeline files with mistakes: file:line:column, a caret, a suggestion, exit code 3, and nothing begins.
@Suite struct BadPipelineTests {
    private func lint(_ yaml: String, location: SourceLocation = #_sourceLocation) throws -> String {
        let project = try CommandLineProject()
        try project.write(yaml, to: "p.yaml")
        for command in ["lint", "run", "plan"] {
            let result = try project.sentio(command, "p.yaml", timeout: 20)
            #expect(result.exitCode == 3, "\(command): \(result)", sourceLocation: location)
            if command == "lint" { continue }
            #expect(!project.exists("artifacts/runs.sqlite"), sourceLocation: location)
        }
        return try project.sentio("lint", "p.yaml").errors
    }

    @Test func aTab() throws {
        let errors = try lint("stages:\n  a: { uses: command, cmd: ls }\n\tb: { uses: command, cmd: ls }\n")
        #expect(errors.contains("p.yaml:3:1: error: YAML cannot be indented with tabs; use spaces."))
        #expect(errors.contains("\n  \tb: { uses: command"))
    }

    @Test func anAliasBomb() throws {
        var yaml = "a0: &a0 [x, x]\n"
        for level in 1...12 {
            yaml += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(try lint(yaml).contains("an alias bomb grows this way"))
    }

    @Test func anUnknownKind() throws {
        let errors = try lint("stages:\n  x: { uses: rigde }\n")
        #expect(
            errors
                == "p.yaml:2:14: error: Unknown kind `rigde`. Did you mean `ridge`?\n    x: { uses: rigde }\n               ^\n"
        )
    }

    @Test func anUnknownPort() throws {
        let errors = try lint(
            "stages:\n  s: { uses: song-dataset, with: { source: demo } }\n  w: { uses: decode, in: { audo: s.audio } }\n"
        )
        #expect(
            errors.contains("p.yaml:3:28: error: Stage `w`: decode has no input `audo`. Did you mean `audio`?"),
            "\(errors)")
    }

    @Test func anUnknownOutput() throws {
        let errors = try lint(
            "stages:\n  s: { uses: song-dataset, with: { source: demo } }\n  w: { uses: decode, in: { audio: s.adio } }\n"
        )
        #expect(errors.contains("p.yaml:3:35: error: ") && errors.contains("audio"), "\(errors)")
    }

    @Test func aPortOfTheWrongType() throws {
        let errors = try lint(
            "stages:\n  s: { uses: song-dataset, with: { source: demo } }\n  w: { uses: decode, in: { audio: s.labels } }\n"
        )
        #expect(
            errors.contains("p.yaml:3:") && errors.contains("labels") && errors.contains("audio-files"), "\(errors)")
    }

    @Test func anUnknownParameterAndAWrongOne() throws {
        let errors = try lint(
            "stages:\n  s: { uses: song-dataset, with: { source: demo, demosongs: 4, limit: many } }\n")
        #expect(
            errors.contains(
                "p.yaml:2:50: error: Stage `s` (song-dataset): Unknown parameter `demosongs`. Did you mean `demo_songs`?"
            ),
            "\(errors)")
        #expect(
            errors.contains("p.yaml:2:71: error: Stage `s` (song-dataset): `limit` must be a whole number"), "\(errors)"
        )
    }

    @Test func aCycle() throws {
        let errors = try lint(
            """
            stages:
              a: { uses: command, cmd: cp c a, deps: [c], outs: [a] }
              b: { uses: command, cmd: cp a b, deps: [a], outs: [b] }
              c: { uses: command, cmd: cp b c, deps: [b], outs: [c] }

            """)
        #expect(errors.contains("p.yaml:2:3: error: The stages depend on each other in a cycle: a -> b -> c -> a."))
    }

    @Test func aMistypedKindIsOneMistake() throws {
        let errors = try lint("stages: { x: { uses: comand, cmd: ls } }\n")
        #expect(
            errors.contains("Unknown kind `comand`. Did you mean `command`?") && !errors.contains("Unknown key"),
            "\(errors)")
    }

    @Test(arguments: [
        "", "just text\n", "[1, 2]\n", "stages: {}\n", "stages: 3\n", "stages: { a: 1 }\n", "stages: {\n", "a: b: c\n",
        "\u{0}\u{1}\n",
    ])
    func whatIsNoPipeline(yaml: String) throws { #expect(try lint(yaml).contains("error: ")) }

    @Test func deepNestingAndLongLines() throws {
        #expect(try lint(String(repeating: "[", count: 100_000)).contains("error: "))
        #expect(try lint(String(repeating: "- ", count: 50_000) + "x\n").contains("levels deep"))
    }

    @Test func whatIsNoFile() throws {
        let project = try CommandLineProject()
        try project.write("x", to: "folder/x")
        #expect(
            try project.sentio("run", "absent.yaml").errors
                == "error: Cannot read absent.yaml: no such file or directory.\n")
        #expect(try project.sentio("run", "absent.yaml").exitCode == 3)
        #expect(try project.sentio("run", "folder").exitCode == 3)
    }
}
