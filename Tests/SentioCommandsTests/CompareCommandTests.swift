import Testing

@Suite struct CompareCommandTests {
    /// Two ridges of one seed and data: the second says nearly nothing but the mean.
    private static func compared() throws -> CommandLineProject {
        let project = try DemoProject.copy()
        try project.sentio("run", "p.yaml", "--name", "stiff", "--set", "ridge.alpha=1000000")
        return project
    }

    @Test func verdictAndSongs() throws {
        let project = try Self.compared()
        let text = try project.sentio("runs", "compare", "first", "stiff", "--resamples", "200")
        #expect(text.exitCode == 0, "\(text)")
        #expect(text.output.contains("score, test: 3 songs"), "\(text)")
        #expect(text.output.contains("valence CCC") && text.output.contains("ridge.alpha"), "\(text)")
        #expect(
            text.output.contains("no significant difference on 3 songs") || text.output.contains("is better on"),
            "\(text)")
        #expect(try project.sentio("compare", "first", "stiff", "--resamples", "200").output == text.output)
    }

    @Test func jsonHasEverything() throws {
        let project = try Self.compared()
        let json = try project.sentio("runs", "compare", "first", "stiff", "--json", "--resamples", "200").json
        let songs = json["songs"]
        #expect(
            songs["arms"].list.map(\.text) == ["first", "stiff"] && songs["set"].text == "test"
                && songs["songs"].int == 3)
        #expect(songs["verdicts"].list.count == 1)
        let ccc = songs["dimensions"][0]["arms"][1]["against_baseline"]["ccc"]
        #expect(ccc["low"].number != nil && ccc["p"].number != nil && ccc["p_holm"].number == ccc["p"].number)
        #expect(json["configuration"].list.contains { $0["name"].text == "ridge.alpha" })
    }

    @Test func aSweptTextIsNoDose() throws {
        let project = try DemoProject.copy()
        try project.sentio("sweep", "p.yaml", "-q", "--matrix", "ridge.scaler=none,standard", "--set", "ridge.alpha=1")
        let text = try project.sentio("compare", "--sweep", "latest", "--over", "ridge.scaler")
        let sentence = "A dose–response needs numbers, but `ridge.scaler` is swept over `none`, `standard`."
        #expect(text.exitCode == 1 && text.errors.contains(sentence), "\(text)")
        let other = try project.sentio("compare", "--sweep", "latest", "--over", "ridge.alpha")
        #expect(other.exitCode == 1 && other.errors.contains("This sweep does not vary `ridge.alpha`."), "\(other)")
        #expect(try project.sentio("compare", "--sweep", "latest", "--resamples", "100").exitCode == 0)
    }

    @Test func whatCannotBeCompared() throws {
        let project = try DemoProject.shared()
        let run = try DemoProject.firstRun().finished["run"].text
        for (arguments, hint) in [
            (["first:nope", "first"], ""), (["first:scor", "first:ridge"], " Did you mean `score`?"),
        ] {
            let stage = arguments[0].dropFirst("first:".count)
            for options in [[], ["--json"]] {
                let named = try RunningCommand(
                    CommandLineProject.binary, ["compare"] + arguments + options, in: project.path, environment: [:]
                ).finish()
                #expect(named.exitCode == 1 && named.output.isEmpty, "\(named)")
                #expect(
                    named.errors
                        == "error: Run \(run) has no scoring stage `\(stage)`.\(hint) It has `score`.\n",
                    "\(named)")
            }
        }
        let set = try project.sentio("compare", "first", "first:score", "--set", "out_of_fold")
        #expect(
            set.exitCode == 1 && set.output.isEmpty
                && set.errors.contains("has not scored the set `out_of_fold`. It has scored `test`"),
            "\(set)")
        let alone = try project.sentio("compare", "first")
        #expect(
            alone.exitCode == 64 && alone.errors.contains("Error: Name a second run to compare `first` with."),
            "\(alone)")
        #expect(try project.sentio("runs", "compare", "first", "first", "--metric", "accuracy").exitCode == 64)
        let sweep = try project.sentio("runs", "compare", "--sweep", "latest")
        #expect(
            sweep.exitCode == 1 && (sweep.errors + sweep.output).contains("The run store contains no sweeps yet"),
            "\(sweep)")
    }
}
