import Foundation
import Testing

/// What `run` says at its end: the right thing, once, and short.
@Suite struct ClosingTests {
    private static let verdictYAML =
        DemoProject.yaml + """
              stiff: { uses: ridge, in: { features: table, labels: songs.labels, split: split }, with: { alpha: 100000 } }
              stiff_score: { uses: evaluate, in: { predictions: stiff.predictions, labels: songs.labels, split: split } }
            headline: stiff_score vs score

            """

    private func occurrences(of text: String, in result: CommandResult) -> Int {
        (result.errors + result.output).components(separatedBy: text).count - 1
    }

    @Test func aRunWithNothingToDoIsShort() throws {
        let project = try DemoProject.copy()
        let run = try project.sentio("run", "p.yaml")
        let said = run.errors.split(separator: "\n") + run.output.split(separator: "\n")
        #expect(run.exitCode == 0 && said.count <= 12, "\(run)")
        #expect(run.lines.first?.hasPrefix("ridge: score.test.ccc ") == true, "\(run)")
        #expect(
            run.output.contains("succeeded in ") && run.output.contains("nothing to do, all 7 stages are up to date"),
            "\(run)")
    }

    @Test func theHeadlineIsTheStageThatThePipelineNames() throws {
        let project = try DemoProject.copy()
        try project.write(Self.verdictYAML, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml"), list = try project.sentio("runs", "list")
        #expect(list.lines[1].contains("stiff_score.test.ccc") && !list.lines[1].contains(" score.test"), "\(list)")
        let verdict = try project.sentio("runs", "list", "--json").json["runs"][0]["verdict"].text
        #expect(
            verdict.contains("stiff") && verdict.contains("ridge") && verdict.contains("p ") && verdict.contains("["),
            "\(verdict)")
        #expect(run.output.contains(verdict), "\(run)")
        #expect(try project.sentio("runs", "show").output.contains(verdict))
        let compared = try project.sentio("compare", "latest:score", "latest:stiff_score")
        let sentence = verdict.replacing("ridge", with: "score").replacing("stiff", with: "stiff_score")
        #expect(compared.lines.first == sentence, "\(verdict)\n\(compared)")
        try project.sentio("report", "-o", "r.html")
        let page = String(decoding: try project.read("r.html"), as: UTF8.self)
        #expect(page.contains("<p class=\"finding\">" + verdict.replacing("<", with: "&lt;")))
        let plain = try project.sentio("run", "p.yaml", "--json")
        #expect(try plain.finished["verdict"].text == verdict && plain.finished["headline"]["baseline"].text == "score")
    }

    @Test func aModelHasOneNameWhereverItIsScored() throws {
        let project = try DemoProject.copy()
        try project.write(
            Self.verdictYAML.replacing(
                "headline:",
                with: "  compared: { uses: comparison, in: { ridge: score, stiff: stiff_score } }\nheadline:"),
            to: "p.yaml")
        let run = try project.sentio("run", "p.yaml"), again = try project.sentio("run", "p.yaml")
        for said in [run, again] {
            #expect(said.lines.contains { $0.hasPrefix("stiff: stiff_score.test.ccc ") }, "\(said)")
            #expect(said.output.contains("stiff against ridge, ") || said.output.contains(" is better on "), "\(said)")
        }
        #expect(run.lines.contains { $0.hasPrefix("stiff.valence ") }, "\(run)")
        #expect(try project.sentio("runs", "show").lines.contains { $0.hasPrefix("stiff: stiff_score  ") })
    }

    @Test func aHeadlineThatIsNoneIsFoundBeforeAnythingRuns() throws {
        let project = try CommandLineProject()
        try project.write("headline: plto\nstages: { plot: { uses: command, cmd: \"true\" } }\n", to: "p.yaml")
        let lint = try project.sentio("lint", "p.yaml")
        #expect(
            lint.exitCode == 3 && lint.errors.contains("p.yaml:1:11: error: `plto` does not start with a stage"),
            "\(lint)")
        #expect(lint.errors.contains("Did you mean `plot`?"))
        let fixed = try project.sentio("config", "p.yaml", "--origin", "--set", "headline=plot")
        #expect(fixed.exitCode == 0 && fixed.output.contains("headline: \"plot\""), "\(fixed)")
        #expect(try !project.sentio("schema").json["properties"]["headline"].isMissing)
    }

    @Test func aFailureIsSaidOnceAndSkippedStagesShareALine() throws {
        let project = try CommandLineProject()
        let after = (1...5).map { "  after\($0): { uses: command, cmd: \"true\", deps: [bad.txt] }" }
        try project.write(
            "stages:\n  good: { uses: command, cmd: \"true\" }\n  bad: { uses: command, cmd: \"echo broken >&2; exit 3\", outs: [bad.txt] }\n"
                + after.joined(separator: "\n") + "\nexpect: [\"after1.x > 1\"]\n", to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--jobs", "1", "--keep-going")
        #expect(run.exitCode == 1)
        #expect(
            occurrences(of: "failed with exit code 3", in: run) == 1 && occurrences(of: "broken\n", in: run) == 1,
            "\(run)")
        #expect(run.lines.count == 3 && run.lines[0].hasPrefix("`bad` failed"), "\(run)")
        #expect(run.lines[1] == "5 stages were skipped because they need `bad`.")
        #expect(run.lines[2].contains("1 executed, 0 cached, 1 failed, 5 skipped. run "))
        #expect(!run.errors.contains("skipped") && !(run.errors + run.output).contains("did not finish"), "\(run)")
        #expect(
            try project.sentio("runs", "show").lines[1].hasPrefix(
                "bad failed: The command of bad failed with exit code 3"))
    }

    @Test func aStoppedRunSaysSoInALine() throws {
        let project = try CommandLineProject()
        try project.write(
            "stages:\n  quick: { uses: command, cmd: \"true\" }\n  slow: { uses: command, cmd: \"touch started; sleep 60\" }\n  next: { uses: command, cmd: \"true\", in: { slow: slow.out } }\n",
            to: "p.yaml")
        let running = try project.start("run", "p.yaml", "--jobs", "1")
        try CommandLineProject.wait(for: "the slow stage to start") { project.exists("started") }
        running.send(SIGINT)
        let stopped = try running.finish()
        #expect(stopped.exitCode == 130 && stopped.lines.count == 1, "\(stopped)")
        #expect(
            stopped.lines[0].hasPrefix("stopped after ")
                && stopped.lines[0].contains("run the same command again to resume. run "),
            "\(stopped)")
        #expect(!stopped.errors.contains("skipped"))
    }

    @Test func aStoppedRunCountsWhatItHadNotComeTo() throws {
        let project = try CommandLineProject()
        let after = (1...3).map { "  cached\($0): { uses: command, cmd: \"echo \($0)\" }" }.joined(separator: "\n")
        try project.write(
            "stages:\n  slow: { uses: command, cmd: \"touch started; sleep 60\" }\n\(after)\n  new: { uses: command, cmd: \"true\" }\n",
            to: "p.yaml")
        try project.sentio("run", "p.yaml", "-q", "--only", "cached1", "--only", "cached2", "--only", "cached3")
        let running = try project.start("run", "p.yaml", "--jobs", "1")
        try CommandLineProject.wait(for: "the slow stage to start") { project.exists("started") }
        running.send(SIGINT)
        let stopped = try running.finish()
        #expect(stopped.exitCode == 130 && stopped.output.contains(": 3 of 5 stages done; "), "\(stopped)")
    }

    @Test func aRunOfWhichAnExpectationFailedDidNotSucceed() throws {
        let project = try DemoProject.copy()
        try project.write(
            DemoProject.yaml + "expect: [\"split.songs.test >= 3\", \"split.songs.test >= 4\"]\n", to: "p.yaml")
        let run = try project.sentio("run", "p.yaml")
        #expect(
            run.exitCode == 6 && run.output.contains("finished in ")
                && run.output.contains(", but 1 of 2 expectations failed: "), "\(run)")
        #expect(run.output.contains("FAILS  split.songs.test >= 4 (split.songs.test is 3.0)"), "\(run)")
        #expect(!(run.output + run.errors).contains("succeeded"))
        try project.sentio("report", "-o", "r.html")
        let page = String(decoding: try project.read("r.html"), as: UTF8.self)
        #expect(page.contains("finished, but 1 of 2 expectations failed") && !page.contains("succeeded"))
        let show = try project.sentio("runs", "show"), list = try project.sentio("runs", "list", "--last", "1")
        #expect(
            show.lines[0].hasSuffix("finished, but 1 of 2 expectations failed") && !show.output.contains("succeeded"),
            "\(show)")
        #expect(list.output.contains("expect failed") && !list.output.contains("succeeded"), "\(list)")
        #expect(
            try project.sentio("runs", "list", "--json").json["runs"][0]["status"].text == "succeeded",
            "what programs are promised")
    }

    @Test func whatOnlyLeftUncheckedIsSaid() throws {
        let project = try DemoProject.copy()
        try project.write(
            DemoProject.yaml + "expect: [\"split.songs.test == 3\", \"score.test.ccc > -2\", \"score.test.r2 > 2\"]\n",
            to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--only", "split")
        #expect(run.exitCode == 0)
        #expect(
            run.output.contains(
                "2 expectations were not checked because of --only: score.test.ccc > -2; score.test.r2 > 2\n"), "\(run)"
        )
        #expect(
            try project.sentio("runs", "show").output.contains("2 expectations were not checked: score.test.ccc > -2"))
    }

    @Test func aTwinSaysWhoseResultItShares() throws {
        let project = try CommandLineProject()
        try project.write(
            "stages:\n  a: { uses: command, cmd: echo 1, seeded: false }\n  b: { uses: command, cmd: echo 1, seeded: false }\n",
            to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--jobs", "1")
        #expect(run.lines.contains { $0.contains(#/^b +shared .*same result as `a`$/#) }, "\(run)")
        #expect(run.output.contains("1 executed, 0 cached, 1 shared. run "), "\(run)")
        #expect(
            try project.sentio("runs", "show").lines.contains { $0.contains(#/^b .*shared .*same result as `a`$/#) })
    }

    @Test func twoStagesOfOneRunAreNotCalledTheSame() throws {
        let project = try DemoProject.copy()
        try project.write(Self.verdictYAML, to: "p.yaml")
        try project.sentio("run", "p.yaml", "-q")
        let compared = try project.sentio("compare", "latest:score", "latest:stiff_score")
        #expect(!compared.output.contains("the same"), "\(compared)")
        #expect(compared.output.contains("Only score depends on ridge (ridge), score (evaluate)."), "\(compared)")
        #expect(
            compared.output.contains("Only stiff_score depends on stiff (ridge), stiff_score (evaluate)."),
            "\(compared)")
        let other = try project.sentio("compare", "first", "latest")
        #expect(
            other.lines.contains {
                $0.hasPrefix("only in ") && $0.hasSuffix(": stiff (ridge), stiff_score (evaluate)")
            }, "\(other)")
    }

    /// A screen, even of a run with many params, stages and warnings.
    @Test func showFitsAScreen() throws {
        let project = try CommandLineProject()
        let stages = (0..<60).map { "  s\($0): { uses: command, cmd: \"true ${p\($0 % 30)}\" }" },
            params = (0..<30).map { "  p\($0): \($0)" }
        try project.write(
            "params:\n\(params.joined(separator: "\n"))\nstages:\n\(stages.joined(separator: "\n"))\n", to: "p.yaml")
        try project.sentio("run", "p.yaml", "-q", "--set", "p29=x")
        let show = try project.sentio("runs", "show"), all = try project.sentio("runs", "show", "--all")
        #expect(show.lines.count <= 40, "\(show)")
        #expect(
            show.lines.contains { $0.contains(#/^p29 +x +--set p29=x$/#) },
            "what was chosen for this run goes first: \(show)")
        #expect(all.lines.count > 90)
    }
}
