import Foundation
import Testing

/// `sweep` by the real binary, on commands that say when they ran.
@Suite struct SweepCommandTests {
    /// `shared` is the same for all cells, `train` is not; `train` fails for ratio 2 until `allowed` is there.
    private static let yaml = """
        pipeline: toy
        seed: 1
        params: { ratio: 1 }
        stages:
          shared: { uses: command, cmd: "echo run >> shared.log; echo 5 > shared.txt", outs: [shared.txt] }
          train:
            uses: command
            deps: [shared.txt]
            cmd: |
              echo ${ratio} $SENTIO_SEED >> train.log
              if [ ${ratio} = 2 ] && [ ! -e allowed ]; then exit 3; fi
              echo "{\\"score\\": ${ratio}}" > m.json
            outs: [m.json]
            metrics: [m.json]
        sweep:
          name: ablation
          parameters: { ratio: { values: [0, 1, 2] } }
          metric: { name: train.score, goal: maximize }
          expect: ["mean(train.score, ratio=1) > mean(train.score, ratio=0)"]

        """

    private func project(_ yaml: String = Self.yaml) throws -> CommandLineProject {
        let project = try CommandLineProject()
        try project.write(yaml, to: "p.yaml")
        return project
    }

    private func count(_ project: CommandLineProject, _ name: String) -> Int {
        ((try? project.read(name)).map { String(decoding: $0, as: UTF8.self) } ?? "").split(separator: "\n").count
    }

    @Test func runsOfASweepAreListedAndSayTheirCell() throws {
        let project = try project()
        try project.write("", to: "allowed")
        #expect(try project.sentio("sweep", "p.yaml", "-q").exitCode == 0)
        try project.sentio("run", "p.yaml", "-q", "--name", "alone")
        let id = try project.sentio("runs", "sweeps", "--json").json["sweeps"][0]["sweep"].text
        for name in ["ablation", id, String(id.prefix(10)), "latest"] {
            let list = try project.sentio("runs", "list", "--sweep", name)
            #expect(list.exitCode == 0 && list.lines.count == 4 && !list.output.contains("alone"), "\(name) \(list)")
        }
        let unknown = try project.sentio("runs", "list", "--sweep", "ablatoin")
        #expect(
            unknown.exitCode == 1
                && unknown.errors == "error: No sweep has the id or name `ablatoin`; did you mean `ablation`?\n")
        let shown = try project.sentio("runs", "show", "ratio=2")
        #expect(shown.output.contains("\ncell of sweep \(id), ratio=2, replicate 0\n"), "\(shown)")
        #expect(try project.sentio("runs", "show", "ratio=2", "--json").json["arm"].text == "ratio=2")
        #expect(try !project.sentio("runs", "show", "alone").output.contains("cell of sweep"))
    }

    @Test func onlyTheFailedCellRunsAgain() throws {
        let project = try project()
        let plan = try project.sentio("sweep", "p.yaml", "--plan")
        #expect(
            plan.exitCode == 0
                && plan.lines.contains { $0.hasPrefix("0 of 3 cells done; 4 distinct stages, 0 cached, 4 to run:") },
            "\(plan)")
        #expect(!project.exists("shared.log") && !project.exists("artifacts/runs.sqlite"))

        let first = try project.sentio("sweep", "p.yaml", "--keep-going")
        #expect(first.exitCode == 1, "\(first)")
        #expect(count(project, "shared.log") == 1 && count(project, "train.log") == 3)
        #expect(
            first.lines[0].split(separator: " ").map(String.init) == [
                "cell", "state", "time", "train.score", "run", "why",
            ])
        #expect(
            first.lines[1].hasPrefix("ratio=0  done ") && first.lines[3].hasPrefix("ratio=2  failed")
                && first.lines[3].contains("train: "))
        #expect(first.lines.last?.contains("2 done, 1 failed; incomplete. sweep ablation-") == true)
        #expect(first.errors.contains("expect  mean(train.score, ratio=1) > mean(train.score, ratio=0): holds"))

        try project.write("", to: "allowed")
        let second = try project.sentio("sweep", "p.yaml", "--json")
        #expect(second.exitCode == 0, "\(second)")
        #expect(count(project, "shared.log") == 1 && count(project, "train.log") == 4)
        let finished = try second.finished
        #expect(
            finished["event"].text == "sweep.finished" && finished["status"].text == "succeeded"
                && finished["done"].int == 3)
        #expect(finished["cells"].list.map { $0["state"].text } == ["cached", "cached", "done"])
        #expect(finished["cells"][2]["metrics"]["train"]["score"].number == 2)
        #expect(finished["cells"][2]["parameters"]["ratio"].int == 2)
        #expect(try second.events[0]["event"].text == "sweep.started" && second.events[0]["price"]["pending"].int == 1)

        let third = try project.sentio("sweep", "p.yaml")
        #expect(
            third.exitCode == 0 && count(project, "train.log") == 4
                && third.lines.last?.contains("3 cached; complete.") == true, "\(third)"
        )
        let sweep = try project.sentio("runs", "sweeps", "ablation", "--json").json
        #expect(sweep["cells"].list.map { $0["arm"].text } == ["ratio=0", "ratio=1", "ratio=2"])
        #expect(sweep["cells"].list.map { $0["run"].text } == finished["cells"].list.map { $0["run"].text })
        #expect(try project.sentio("runs", "list", "--last", "0", "--json").json["runs"].list.count == 4)
    }

    @Test func replicatesVaryOnlyTheNamedStages() throws {
        let project = try project()
        try project.write("", to: "allowed")
        let result = try project.sentio("sweep", "p.yaml", "--replicates", "2", "--matrix", "ratio=0,1", "--json")
        #expect(result.exitCode == 0, "\(result)")
        #expect(try result.finished["cells"].list.map { $0["replicate"].int } == [0, 0, 1, 1])
        let table = try project.sentio("sweep", "p.yaml", "--replicates", "2", "--matrix", "ratio=0,1")
        #expect(table.lines.contains { $0.hasPrefix("ratio=1 #1  cached") })
        #expect(table.lines.contains { $0.hasPrefix("ratio=1   2/2") }, "\(table)")
    }

    @Test func aMetricThatNoCellMeasuredIsSaid() throws {
        let project = try project(Self.yaml.replacingOccurrences(of: "name: train.score", with: "name: train.scare"))
        let result = try project.sentio("sweep", "p.yaml", "--matrix", "ratio=0,1")
        #expect(
            result.exitCode == 0
                && result.lines.contains(
                    "note: no cell measured the sweep's metric `train.scare`. Did you mean `train.score`?"),
            "\(result)")
        #expect(try !self.project().sentio("sweep", "p.yaml", "--matrix", "ratio=0").output.contains("note:"))
    }

    /// What is swept belongs to another model than the one that the pipeline is about.
    @Test func aNumberThatNothingSweptReachesGivesWayToOneThatDiffers() throws {
        let project = try DemoProject.copy()
        try project.write(
            DemoProject.yaml + """
                  other: { uses: ridge, in: { features: table, labels: songs.labels, split: split }, with: { alpha: 1 } }
                  other_score: { uses: evaluate, in: { predictions: other.predictions, labels: songs.labels, split: split } }
                headline: score

                """, to: "p.yaml")
        let other = try project.sentio("sweep", "p.yaml", "-q", "--matrix", "other.alpha=1,1000")
        #expect(other.exitCode == 0 && other.output.contains("  other_score.test.ccc  "), "\(other)")
        let note = try #require(other.lines.first { $0.hasPrefix("note: ") }, "\(other)")
        #expect(
            note.hasPrefix("note: score.test.ccc is ")
                && note.hasSuffix(" in every cell; other_score.test.ccc differs and is shown instead."))
        let own = try project.sentio("sweep", "p.yaml", "-q", "--matrix", "ridge.alpha=1,1000")
        #expect(own.output.contains("  score.test.ccc  ") && !own.output.contains("note: "), "\(own)")
        let named = try project.sentio("sweep", "p.yaml", "-q", "--matrix", "mels.n_mels=12,16")
        #expect(
            named.output.contains("  score.test.ccc  ") && !named.output.contains("note: "), "nothing differs: \(named)"
        )
    }

    @Test func aKilledSweepGoesOn() throws {
        let project = try project(
            Self.yaml.replacingOccurrences(
                of: "exit 3; fi", with: "touch waiting; until [ -e allowed ]; do sleep 0.05; done; fi"))
        let running = try project.start("sweep", "p.yaml")
        try CommandLineProject.wait(for: "the third cell") { project.exists("waiting") }
        running.send(SIGKILL)
        try project.write("", to: "allowed")
        #expect(try running.finish().wasKilled)
        let next = try project.sentio("sweep", "p.yaml", "--json")
        #expect(next.exitCode == 0, "\(next)")
        #expect(try next.finished["cells"].list.map { $0["state"].text } == ["cached", "cached", "done"])
        #expect(count(project, "shared.log") == 1)
        let statuses = try project.sentio("runs", "list", "--last", "0", "--json").json["runs"].list.map {
            $0["status"].text
        }
        #expect(statuses == ["succeeded", "interrupted", "succeeded", "succeeded"])
    }

    /// The first two cells meet in a pipe that only opens where a reader and a writer are there at once: no process can
    /// have run both. Nothing here waits for a time.
    @Test func twoProcessesDivideTheCells() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            pipeline: divided
            params: { ratio: 0 }
            stages:
              shared: { uses: command, cmd: "echo shared >> ran.log" }
              train:
                uses: command
                in: { shared: shared.out }
                cmd: |
                  case ${ratio} in 0) echo met > pipe;; 1) read met < pipe;; esac
                  echo ${ratio} >> ran.log
                  echo '{"name": "score", "value": ${ratio}}' >> $SENTIO_METRICS
            sweep:
              parameters: { ratio: { values: [0, 1, 2, 3, 4, 5, 6, 7] } }
              expect: ["mean(train.score) == 3.5"]

            """, to: "p.yaml")
        try project.shell("mkfifo pipe")
        let one = try project.start("sweep", "p.yaml", "--json"), two = try project.start("sweep", "p.yaml", "--json")
        let results = [try one.finish(), try two.finish()]
        #expect(results.map(\.exitCode) == [0, 0], "\(results)")
        let ran = String(decoding: try project.read("ran.log"), as: UTF8.self).split(separator: "\n").sorted()
        #expect(ran == ["0", "1", "2", "3", "4", "5", "6", "7", "shared"])
        var executed = [0, 0]
        for (index, result) in results.enumerated() {
            let cells = try result.finished["cells"].list
            #expect(cells.allSatisfy { ["done", "cached"].contains($0["state"].text) } && cells.count == 8)
            #expect(cells.map { $0["metrics"]["train"]["score"].number } == (0..<8).map(Double.init))
            #expect(try result.finished["expectations"][0]["holds"].bool == true)
            executed[index] = cells.count { $0["state"].text == "done" }
        }
        #expect(executed.allSatisfy { $0 >= 1 } && executed.reduce(0, +) == 8, "\(executed)")
        #expect(
            try results[0].finished["cells"].list.map { $0["run"].text }
                == results[1].finished["cells"].list.map { $0["run"].text })
        let states = try project.sentio("runs", "list", "--last", "0", "--json").json["runs"].list.map {
            $0["status"].text
        }
        #expect(states == Array(repeating: "succeeded", count: 8))
    }

    @Test func aSignalStopsItResumably() throws {
        let project = try project(
            Self.yaml.replacingOccurrences(
                of: "exit 3; fi", with: "touch waiting; until [ -e allowed ]; do sleep 0.05; done; fi"))
        let running = try project.start("sweep", "p.yaml", "--json")
        try CommandLineProject.wait(for: "the third cell") { project.exists("waiting") }
        running.send(SIGINT)
        let stopped = try running.finish()
        #expect(stopped.exitCode == 130, "\(stopped)")
        #expect(try stopped.finished["status"].text == "interrupted")
        #expect(try stopped.finished["cells"].list.map { $0["state"].text } == ["done", "done", "missing"])
        try project.write("", to: "allowed")
        #expect(try project.sentio("sweep", "p.yaml").exitCode == 0)
    }

    @Test func mistakesAreFoundByLintToo() throws {
        let project = try project(Self.yaml.replacingOccurrences(of: "{ ratio: {", with: "{ ration: {"))
        let lint = try project.sentio("lint", "p.yaml")
        #expect(
            lint.exitCode == 3
                && lint.errors.contains(
                    "p.yaml:17:17: error: Sweep: there is no param or stage `ration`. Did you mean `ratio`?"),
            "\(lint)"
        )
        #expect(try project.sentio("sweep", "p.yaml").exitCode == 3)
        try project.write(Self.yaml, to: "p.yaml")
        #expect(try project.sentio("lint", "p.yaml").output == "p.yaml: valid, 2 stages, a sweep of 3 cells\n")
        let set = try project.sentio("lint", "p.yaml", "--set", "train.cmdd=x")
        #expect(set.exitCode == 3 && set.errors.contains("cmdd"), "\(set)")
        let config = try project.sentio("config", "p.yaml", "--origin")
        #expect(
            config.lines.contains {
                $0.hasPrefix("sweep.parameters.ratio.values: [0,1,2]") && $0.hasSuffix("# p.yaml:17")
            }, "\(config)")
        #expect(try project.sentio("schema").json["properties"]["sweep"]["properties"]["run_cap"].isMissing == false)
    }

    @Test func thousandsOfCellsAreRefusedWithTheirPrice() throws {
        let project = try project()
        let values = (0..<40).map(String.init).joined(separator: ",")
        let refused = try project.sentio("sweep", "p.yaml", "--matrix", "ratio=\(values)", "--replicates", "30")
        #expect(
            refused.exitCode == 3 && refused.errors.contains("The sweep has 1200 cells (")
                && refused.errors.contains("--run-cap 40."),
            "\(refused)")
        #expect(!project.exists("train.log"))
    }
}
