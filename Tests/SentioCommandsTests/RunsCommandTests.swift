import Testing

/// `runs`: past runs, side by side and in SQL.
@Suite struct RunsCommandTests {
    @Test func aRunIsListedWithItsNameAndMetrics() throws {
        let project = try DemoProject.shared()
        let list = try project.sentio("runs", "list")
        #expect(list.exitCode == 0)
        #expect(list.lines.count == 2)
        #expect(
            list.lines[1].contains("small") && list.lines[1].contains("first") && list.lines[1].contains("succeeded"))
        #expect(list.lines[1].contains("7/7") && list.lines[1].contains("score.test.ccc"))
        let json = try project.sentio("runs", "--json").json
        #expect(json["runs"][0]["tags"]["owner"].text == "tests")
        #expect(json["runs"][0]["run"].text == (try DemoProject.firstRun().finished["run"].text))
    }

    @Test func filters() throws {
        let project = try DemoProject.shared()
        #expect(try project.sentio("runs", "list", "--tag", "owner=tests", "--json").json["runs"].list.count == 1)
        #expect(try project.sentio("runs", "list", "--tag", "owner=others").output == "No runs.\n")
        #expect(try project.sentio("runs", "list", "--status", "failed").output == "No runs.\n")
        #expect(try project.sentio("runs", "list", "--pipeline", "small", "--json").json["runs"].list.count == 1)
        #expect(try project.sentio("runs", "list", "--status", "lost").exitCode == 64)
    }

    @Test func showSaysWhereEachValueCameFromAndWhyEachStageRan() throws {
        let project = try DemoProject.shared()
        let show = try project.sentio("runs", "show", "first")
        #expect(show.exitCode == 0)
        #expect(show.output.contains("(first)  small  succeeded"))
        #expect(show.output.contains("\ntags: owner=tests\n"))
        #expect(show.output.contains("\ncommand: sentio-pipeline run p.yaml --json --name first --tag owner=tests\n"))
        #expect(show.lines.contains { $0.contains(#/^bands +16 +p\.yaml:4$/#) }, "\(show)")
        #expect(
            show.lines.contains { $0.contains(#/^mels +mel-extract +executed .*12 \(12 new\) +no record of it yet$/#) })
        #expect(show.lines.contains { $0.contains(#/^test +-?\d/#) } && show.lines.count <= 40)
        #expect(
            try project.sentio("runs", "show", "first", "--all").lines.contains { $0.contains(#/^test\.ccc +-?\d/#) })
        let json = try project.sentio("runs", "show", "--json").json
        #expect(json["name"].text == "first" || json["run"]["name"].text == "first")
    }

    @Test func anUnknownRunIsASentence() throws {
        let show = try DemoProject.shared().sentio("runs", "show", "nobody")
        #expect(show.exitCode == 1)
        #expect(show.errors == "error: No run has the id or name `nobody`. `runs list` shows all runs.\n")
    }

    @Test func compareShowsOnlyWhatDiffers() throws {
        let project = try DemoProject.copy()
        #expect(try project.sentio("run", "p.yaml", "-q", "--name", "second", "--set", "split.test=0.34").exitCode == 0)
        let compare = try project.sentio("runs", "compare", "first", "second")
        #expect(compare.exitCode == 0)
        #expect(compare.lines.contains { $0.contains(#/^split\.test +0\.25\d* +0\.34\d*$/#) }, "\(compare)")
        #expect(compare.lines.contains { $0.hasPrefix("metric") && $0.hasSuffix("difference") })
        #expect(!compare.output.contains("bands"))
        #expect(try project.sentio("runs", "compare", "first", "second", "--all").output.contains("bands"))
        #expect(try project.sentio("runs", "compare", "first").exitCode == 64)
        let same = try project.sentio("runs", "compare", "first", "first")
        #expect(same.output.contains("compared with itself.") && !same.output.contains("same parameters"), "\(same)")
    }

    @Test func queryReadsAndNeverWrites() throws {
        let project = try DemoProject.copy()
        let query = try project.sentio("runs", "query", "SELECT name, status FROM runs")
        #expect(query.output == "name   status\nfirst  succeeded\n")
        #expect(
            try project.sentio("runs", "query", "--csv", "SELECT name, 1.5 AS x FROM v_runs").output
                == "name,x\nfirst,1.5\n")
        #expect(try project.sentio("runs", "query", "SELECT name FROM runs", "--json").json[0]["name"].text == "first")
        let write = try project.sentio("runs", "query", "DELETE FROM runs")
        #expect(write.exitCode == 1)
        #expect(write.errors.hasPrefix("error: "))
        let nonsense = try project.sentio("runs", "query", "SELECT x FROM nowhere")
        #expect(nonsense.exitCode == 1 && nonsense.errors.contains("nowhere"))
        #expect(try project.sentio("runs", "query", "SELECT count(*) AS n FROM runs").output == "n\n1\n")
        let attach = try project.sentio("runs", "query", "ATTACH DATABASE 'new.sqlite' AS new")
        #expect(attach.exitCode == 1 && attach.errors.contains("may only read") && !project.exists("new.sqlite"))
        let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        let cut = try project.sentio("runs", "query", endless, "--limit", "3", "--csv")
        #expect(cut.output == "i\n1\n2\n3\n" && cut.errors.contains("Only the first 3 rows"))
        let slow = try project.sentio(
            "runs", "query", endless.replacing("SELECT i FROM", with: "SELECT max(i) FROM"), "--seconds", "0.1")
        #expect(slow.exitCode == 1 && slow.errors.contains("stopped after 0.1 s"))
    }

    @Test func withoutAStoreASentence() throws {
        let list = try CommandLineProject().sentio("runs", "list")
        #expect(list.exitCode == 1)
        #expect(list.errors.contains("There is no run store at artifacts/runs.sqlite yet; the first `run` creates it."))
    }
}
