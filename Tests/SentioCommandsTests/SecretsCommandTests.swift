import Testing

/// A password on the command line reaches the command, and stands nowhere afterwards.
@Suite struct SecretsCommandTests {
    private static let secret = "hunter2-and-more"
    private static let yaml = """
        params: { api_key: none-yet, url: "http://${api_key}@host" }
        stages:
          get: { uses: command, cmd: "printf '%s' '${url}' > seen.txt; echo fetching ${url}; exit ${code}" }

        """.replacing("${code}", with: "0")

    private func found(_ project: CommandLineProject) throws -> [String] {
        try project.shell("grep -rla '\(Self.secret)' . ; true").lines
    }

    @Test func itReachesTheCommandAndIsMaskedElsewhere() throws {
        let project = try CommandLineProject()
        try project.write(Self.yaml, to: "p.yaml")
        let set = "api_key=\(Self.secret)"
        let run = try project.sentio("run", "p.yaml", "--json", "--verbose", "--set", set)
        #expect(run.exitCode == 0, "\(run)")
        #expect(String(decoding: try project.read("seen.txt"), as: UTF8.self) == "http://\(Self.secret)@host")
        try project.remove("seen.txt")
        #expect(try found(project) == [], "no file of the workspace holds it")
        #expect(!run.output.contains(Self.secret) && !run.errors.contains(Self.secret))
        #expect(run.output.contains("http://***@host"))
        for arguments in [
            ["runs", "show", "latest"], ["runs", "show", "latest", "--json"], ["runs", "list", "--json"],
        ] {
            let shown = try RunningCommand(CommandLineProject.binary, arguments, in: project.path, environment: [:])
                .finish()
            #expect(shown.exitCode == 0 && !shown.output.contains(Self.secret), "\(shown)")
        }
        let details = try project.sentio("runs", "show", "latest")
        #expect(details.output.contains("--set api_key=***"), "\(details)")
        let config = try project.sentio("config", "p.yaml", "--resolved", "--origin", "--set", set)
        #expect(
            config.exitCode == 0 && !config.output.contains(Self.secret) && config.output.contains("http://***@host"),
            "\(config)")
        let plan = try project.sentio("plan", "p.yaml", "--set", set + "x")
        #expect(
            !plan.output.contains(Self.secret) && plan.output.contains("get.cmd: a secret -> another secret"), "\(plan)"
        )
        // The cache still tells one secret from another, and knows this one again.
        #expect(try project.sentio("run", "p.yaml", "--json", "--set", set).states == "get cached")
        #expect(try project.sentio("run", "p.yaml", "--json", "--set", set + "x").states == "get executed")
    }

    /// A quote in it is another text in a shell, and a key of several lines comes out line by line.
    @Test func otherSpellingsAreMaskedToo() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            params: { password: none, private_key: none }
            stages:
              a: { uses: command, cmd: "true ${password:q}" }
              b: { uses: command, expose: [private_key], cmd: 'echo "$SENTIO_PARAM_private_key"' }

            """, to: "p.yaml")
        let run = try project.sentio(
            "run", "p.yaml", "--json", "--verbose", "--set", "password=hunter's2secret",
            "--set", #"private_key="BEGINKEY\nabcdefsecretline\nENDKEY""#)
        #expect(run.exitCode == 0 && run.output.contains("***"), "\(run)")
        for part in ["2secret", "secretline"] {
            #expect(!run.output.contains(part) && !run.errors.contains(part), "\(run)")
            #expect(
                try project.shell("grep -rla '\(part)' artifacts ; true").lines == [],
                "no file of the workspace holds it")
        }
    }

    @Test func aFailureDoesNotTellIt() throws {
        let project = try CommandLineProject()
        try project.write(Self.yaml.replacing("exit 0", with: "exit 3"), to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json", "--set", "api_key=\(Self.secret)")
        #expect(run.exitCode == 1 && run.errors.contains("***") && !run.errors.contains(Self.secret), "\(run)")
        try project.remove("seen.txt")
        #expect(try found(project) == [])
    }

    @Test func aWrongNameDoesNotTellItEither() throws {
        let project = try CommandLineProject()
        try project.write(Self.yaml, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--set", "apikey.password=\(Self.secret)")
        #expect(
            run.exitCode == 3 && !run.errors.contains(Self.secret) && run.errors.contains("--set apikey.password=***"),
            "\(run)")
    }
}
