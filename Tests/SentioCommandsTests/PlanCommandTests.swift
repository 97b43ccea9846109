import Testing

/// `plan`: what would run, and an exit code that a script can ask for.
@Suite struct PlanCommandTests {
    @Test func nothingToDoIsSaidAndIsZero() throws {
        let plan = try DemoProject.shared().sentio("plan", "p.yaml", "--exit-code")
        #expect(plan.exitCode == 0)
        #expect(plan.output == "Everything is up to date: 7 stages.\n")
    }

    @Test func somethingStaleIsFourOnlyWhereAsked() throws {
        let project = try DemoProject.shared()
        let asked = try project.sentio("plan", "p.yaml", "--exit-code", "--set", "bands=20")
        #expect(asked.exitCode == 4)
        #expect(asked.output.contains("mels.n_mels: 16 -> 20 (--set bands=20)"))
        #expect(asked.output.contains("1 of 7 stages would run: about "))
        #expect(try project.sentio("plan", "p.yaml", "--set", "bands=20").exitCode == 0)
    }

    @Test func whatFollowsIsNamedAsWaiting() throws {
        let plan = try DemoProject.shared().sentio(
            "plan", "p.yaml", "--set", "songs.demo_songs=16", "--json", "--exit-code")
        #expect(plan.exitCode == 4)
        let stages = try plan.json["stages"].list
        #expect(stages.map { $0["stage"].text } == DemoProject.stages)
        #expect(stages[0]["state"].text == "stale")
        #expect(stages[0]["reason"]["text"].text == "songs.demo_songs: 12 -> 16 (--set songs.demo_songs=16)")
        #expect(stages[1]["reason"]["code"].text == "upstream")
        #expect(try plan.json["stale"].int == 7)
        #expect(try plan.json["schema"].int == 1)
    }

    @Test func aPlanOfANewProjectRunsNothing() throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: touch ran, outs: [ran] } }\n", to: "p.yaml")
        let plan = try project.sentio("plan", "p.yaml", "--exit-code")
        #expect(plan.exitCode == 4)
        #expect(
            plan.output.contains("no record of it yet") && plan.output.contains("no estimate yet"))
        #expect(!project.exists("ran") && !project.exists("artifacts/runs.sqlite"))
    }

    @Test func whatCannotRunIsNotCountedAsRunning() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            stages:
              a: { uses: command, cmd: "cat missing.txt > a.txt", deps: [missing.txt], outs: [a.txt] }
              b: { uses: command, cmd: "cat a.txt > b.txt", deps: [a.txt], outs: [b.txt] }
              c: { uses: command, cmd: "true" }

            """, to: "p.yaml")
        let all = try project.sentio("plan", "p.yaml", "--exit-code")
        #expect(
            all.exitCode == 1 && all.lines[1].contains("cannot run: `a` needs the file or folder missing.txt"), "\(all)"
        )
        #expect(
            all.lines.last == "1 of 3 stages would run: no estimate yet. 2 cannot run.", "\(all)")
        let only = try project.sentio("plan", "p.yaml", "--only", "a")
        #expect(only.exitCode == 1 && only.lines.last == "1 of 1 stage cannot run.", "\(only)")
        let json = try project.sentio("plan", "p.yaml", "--json")
        #expect(try json.exitCode == 1 && json.json["stuck"].int == 2 && json.json["stale"].int == 3, "\(json)")
        let why = try project.sentio("why", "p.yaml", "b")
        #expect(why.lines.first == "`b` cannot run:" && !why.output.contains("would take"), "\(why)")
        try project.write("", to: "missing.txt")
        #expect(try project.sentio("plan", "p.yaml").exitCode == 0)
    }

    @Test func anotherSizeHasItsOwnPrice() throws {
        let plan = try DemoProject.shared().sentio("plan", "p.yaml", "--set", "songs.demo_songs=120", "--json")
        let small = try DemoProject.shared().sentio("plan", "p.yaml", "--set", "songs.demo_songs=24", "--json")
        func seconds(_ plan: CommandResult, _ stage: String) throws -> Double {
            try #require(plan.json["stages"].list.first { $0["stage"].text == stage }?["expected_seconds"].number)
        }
        for stage in ["songs", "waves", "table"] {
            #expect(try seconds(plan, stage) > 2 * seconds(small, stage), "\(stage): five times as many songs")
        }
        let text = try DemoProject.shared().sentio("plan", "p.yaml", "--set", "songs.demo_songs=120")
        #expect(text.output.contains(#/7 of 7 stages would run: about .* at most\./#), "\(text)")
    }

    @Test func onlyOneStage() throws {
        let plan = try DemoProject.shared().sentio(
            "plan", "p.yaml", "--only", "table", "--set", "bands=20", "--exit-code")
        #expect(plan.exitCode == 0)
        #expect(plan.output == "Everything is up to date: 3 stages.\n")
    }
}
