import Foundation
import Testing

/// `run`: what is executed, what is said on which stream, and the last line of `--json`.
@Suite struct RunCommandTests {
    @Test func theFirstRunExecutesEverything() throws {
        let run = try DemoProject.firstRun()
        #expect(run.exitCode == 0, "\(run)")
        #expect(try run.states == DemoProject.stages.map { "\($0) executed" }.joined(separator: ", "))
    }

    @Test func theSecondRunExecutesNothingAndTheLastLineIsTheContract() throws {
        let project = try DemoProject.copy()
        let first = try DemoProject.firstRun().finished
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 0, "\(run)")
        let last = try run.finished
        #expect(last.keys.isSuperset(of: ["event", "schema", "run", "status", "seconds", "stages"]))
        #expect(last["event"].text == "run.finished")
        #expect(last["schema"].int == 1)
        #expect(last["status"].text == "succeeded")
        #expect(try #require(last["seconds"].number) > 0)
        #expect(last["run"].text.contains(#/^\d{8}-\d{6}-[0-9a-f]{4}$/#))
        #expect(last["run"].text != first["run"].text)
        #expect(last["stages"].list.map { $0["name"].text } == DemoProject.stages)
        #expect(
            last["stages"].list.map { $0["kind"].text } == [
                "song-dataset", "decode", "mel-extract", "handcrafted-features", "split", "ridge", "evaluate",
            ])
        for (stage, before) in zip(last["stages"].list, first["stages"].list) {
            let name = stage["name"].text
            #expect(
                stage.keys.isSuperset(of: ["name", "kind", "state", "reason", "seconds", "items", "outputs", "metrics"]
                ), "\(name)")
            #expect(stage["state"].text == "cached")
            #expect(stage["reason"].isNull && before["reason"]["code"].text == "never-run")
            #expect(before["reason"]["text"].text == "no record of it yet")
            #expect(stage["seconds"].number == 0)
            #expect(try #require(before["seconds"].number) > 0)
            #expect(stage["outputs"].keys == before["outputs"].keys && !stage["outputs"].keys.isEmpty)
            for port in stage["outputs"].keys {
                #expect(stage["outputs"][port].text == before["outputs"][port].text)
                #expect(stage["outputs"][port].text.contains(#/^[0-9a-f]{64}$/#))
            }
            #expect(stage["metrics"].keys == before["metrics"].keys)
            for metric in stage["metrics"].keys {
                #expect(stage["metrics"][metric].number == before["metrics"][metric].number)
            }
        }
        let mels = last["stages"][named: "mels"]["items"]
        #expect(mels.keys == ["total", "executed", "cached", "failed"])
        #expect([mels["total"].int, mels["executed"].int, mels["cached"].int, mels["failed"].int] == [12, 0, 12, 0])
        #expect(first["stages"][named: "mels"]["items"]["executed"].int == 12)
        #expect(last["stages"][named: "ridge"]["items"].isNull)
        #expect(last["stages"][named: "score"]["metrics"]["test.ccc"].number != nil)
    }

    @Test func standardOutputIsJSONLinesAndNothingElse() throws {
        let run = try DemoProject.firstRun()
        let events = try run.events
        #expect(events.first?["event"].text == "run.started")
        #expect(events.last?["event"].text == "run.finished")
        #expect(events.allSatisfy { $0["schema"].int == 1 })
        #expect(events.count { $0["event"].text == "stage.started" } == 7)
        #expect(events.count { $0["event"].text == "stage.finished" } == 7)
        #expect(events.contains { $0["event"].text == "stage.progress" })
    }

    @Test func progressGoesToStandardErrorAndTheTableToStandardOutput() throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: echo hello } }\n", to: "p.yaml")
        let plain = try project.sentio("run", "p.yaml")
        #expect(plain.exitCode == 0)
        #expect(plain.lines.first?.hasPrefix("stage") == true)
        #expect(plain.output.contains("succeeded in ") && plain.output.contains("1 executed, 0 cached"))
        #expect(plain.errors.contains("a  command: no record of it yet") && plain.errors.contains("a  done in"))
        #expect(!plain.output.contains("command: no record"))
        #expect(!plain.output.contains("\u{1B}") && !plain.errors.contains("\u{1B}"), "no escape codes off a terminal")
        let json = try project.sentio("run", "p.yaml", "--json", "--force", "a")
        #expect(json.errors.contains("a  done in"), "progress is shown beside --json too")
        #expect(try json.events.count > 2)
        let quiet = try project.sentio("run", "p.yaml", "--json", "--quiet", "--force", "a")
        #expect(quiet.errors.isEmpty)
        let verbose = try project.sentio("run", "p.yaml", "--verbose", "--force", "a")
        #expect(verbose.errors.contains("| hello"))
    }

    @Test func aParamAndAProfileReachOnlyWhatDependsOnThem() throws {
        let project = try DemoProject.copy()
        let set = try project.sentio("run", "p.yaml", "--json", "--set", "frames=24")
        #expect(
            try set.states
                == "songs cached, waves cached, mels executed, table cached, split cached, ridge cached, score cached")
        #expect(
            try set.finished["stages"][named: "mels"]["reason"]["text"].text
                == "mels.frames: 32 -> 24 (--set frames=24)")
        #expect(try set.finished["stages"][named: "mels"]["reason"]["code"].text == "parameter")
        let profile = try project.sentio("run", "p.yaml", "--json", "--profile", "wide")
        #expect(try profile.finished["stages"][named: "mels"]["state"].text == "executed")
        let stage = try project.sentio("run", "p.yaml", "--json", "--set", "mels.n_mels=24")
        #expect(try !stage.states.contains("executed"), "the same value by another way is the same stage")
        let back = try project.sentio("run", "p.yaml", "--json")
        #expect(try !back.states.contains("executed"), "going back is a hit")
    }

    @Test func onlyAndForce() throws {
        let project = try DemoProject.copy()
        let only = try project.sentio("run", "p.yaml", "--json", "--only", "mels")
        #expect(try only.states == "songs cached, waves cached, mels cached")
        let force = try project.sentio("run", "p.yaml", "--json", "--force", "mels")
        #expect(
            try force.states
                == "songs cached, waves cached, mels executed, table cached, split cached, ridge cached, score cached")
        #expect(try force.finished["stages"][named: "mels"]["reason"]["code"].text == "forced")
        #expect(try force.finished["stages"][named: "mels"]["items"]["executed"].int == 12)
        let unknown = try project.sentio("run", "p.yaml", "--only", "mesl")
        #expect(unknown.exitCode == 64)
        #expect(unknown.errors.contains("The pipeline has no stage `mesl`. Did you mean `mels`?"))
    }

    @Test func theNumberOfJobsChangesNoResult() throws {
        let project = try DemoProject.copy()
        let one = try project.sentio(
            "run", "p.yaml", "--json", "--jobs", "1", "--force", "waves", "--force", "table", "--force", "ridge")
        #expect(one.exitCode == 0)
        let first = try DemoProject.firstRun().finished
        for stage in try one.finished["stages"].list {
            for port in stage["outputs"].keys {
                #expect(stage["outputs"][port].text == first["stages"][named: stage["name"].text]["outputs"][port].text)
            }
        }
    }

    @Test func replicatesAreRunsOfTheirOwn() throws {
        let project = try DemoProject.copy()
        let run = try project.sentio("run", "p.yaml", "--json", "--replicates", "2")
        #expect(run.exitCode == 0)
        let ends = try run.events.filter { $0["event"].text == "run.finished" }
        #expect(ends.count == 2)
        #expect(
            ends[0]["stages"].list.allSatisfy { $0["state"].text == "cached" },
            "the first is the run without replicates")
        #expect(ends[1]["stages"][named: "table"]["state"].text == "cached")
        #expect(ends[1]["stages"][named: "split"]["state"].text == "executed", "it draws other numbers")
        #expect(
            ends[1]["stages"][named: "split"]["outputs"]["split"].text
                != ends[0]["stages"][named: "split"]["outputs"]["split"].text)
    }

    @Test func oneReplacedSongIsTheOnlyOneComputed() throws {
        let project = try CommandLineProject()
        try DemoProject.dataset(in: project)
        try project.write(DemoProject.yaml, to: "p.yaml")
        #expect(
            try project.sentio("run", "p.yaml", "--set", "dataset=data", "--only", "mels", "--only", "table").exitCode
                == 0)
        try project.write(try project.read("data/audio/2.mp3"), to: "data/audio/1.mp3")
        let run = try project.sentio(
            "run", "p.yaml", "--set", "dataset=data", "--only", "mels", "--only", "table", "--json")
        for name in ["waves", "mels", "table"] {
            let items = try run.finished["stages"][named: name]["items"]
            #expect(items["total"].int == 6 && items["failed"].int == 0)
            // Song 2's sound is known already, so that even the replaced song is no new work.
            #expect(try #require(items["executed"].int) <= 1, "\(name)")
        }
        #expect(try run.finished["stages"][named: "songs"]["reason"]["text"].text == "1.mp3 changed")
    }

    @Test func aFailingStageIsOneAndKeepGoingRunsTheOthers() throws {
        let project = try CommandLineProject()
        try project.write(
            """
            stages:
              bad: { uses: command, cmd: "echo broken >&2; exit 3", outs: [bad.txt] }
              after: { uses: command, cmd: "true", deps: [bad.txt] }
              other: { uses: command, cmd: "echo x > other.txt", outs: [other.txt] }
            """, to: "p.yaml")
        let strict = try project.sentio("run", "p.yaml", "--jobs", "1")
        #expect(strict.exitCode == 1, "\(strict)")
        #expect(strict.output.contains("failed in "))
        #expect(
            strict.errors.contains(
                "bad    FAILED  The command of bad failed with exit code 3: `echo broken >&2; exit 3`. Its last lines:\nbroken\n"
            ),
            "\(strict)")
        #expect(strict.output.contains("1 stage was skipped because it needs `bad`."), "\(strict)")
        let lenient = try project.sentio("run", "p.yaml", "--jobs", "1", "--keep-going", "--json")
        #expect(lenient.exitCode == 1)
        #expect(try lenient.finished["status"].text == "failed")
        #expect(try lenient.states == "bad failed, after skipped, other executed")
        #expect(try lenient.finished["stages"][named: "bad"]["message"].text.contains("3"))
    }

    @Test func tooFewSongsIsASentenceThatHelps() throws {
        let run = try DemoProject.copy().sentio("run", "p.yaml", "--set", "split.test=0.5")
        #expect(run.exitCode == 1)
        #expect(
            run.errors.contains(
                "chooses alpha is not possible: 3 songs cannot fill 5 folds. Lower `folds`, give `alpha`"), "\(run)")
    }

    @Test func equalsRunInTheOrderOfTheFile() throws {
        let project = try CommandLineProject()
        let names = ["one", "two", "three", "four"]
        let stages = names.map { "  \($0): { uses: command, cmd: \"true\" }" }
        try project.write("stages:\n" + stages.joined(separator: "\n") + "\n", to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json", "--jobs", "1")
        #expect(try run.events.filter { $0["event"].text == "stage.started" }.map { $0["stage"].text } == names)
    }

    @Test func anExpectationThatFailsIsSix() throws {
        let project = try DemoProject.copy()
        try project.write(
            DemoProject.yaml + "expect: [\"split.songs.test >= 3\", \"split.songs.test >= 4\"]\n", to: "p.yaml")
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 6, "\(run)")
        #expect(
            run.output.contains("FAILS  split.songs.test >= 4") && !(run.output + run.errors).contains(">= 3"), "\(run)"
        )
        let json = try project.sentio("run", "p.yaml", "--json")
        #expect(json.exitCode == 6)
        #expect(try json.finished["status"].text == "succeeded")
        #expect(try json.finished["expectations"].list.map { $0["holds"].bool } == [true, false])
    }

    @Test func leakageIsSevenAndNamesTheSongs() throws {
        let project = try DemoProject.copy()
        let leaking = DemoProject.yaml
            .replacingOccurrences(
                of: "validation: 0.25 } }",
                with:
                    "validation: 0.25, seed: 1 } }\n  other: { uses: split, in: { labels: songs.labels }, with: { test: 0.5, seed: 2 } }"
            )
            .replacingOccurrences(
                of: "labels: songs.labels, split: split } }\n\n", with: "labels: songs.labels, split: other } }\n")
        let scored = leaking.replacingOccurrences(
            of: "score: { uses: evaluate, in: { predictions: ridge.predictions, labels: songs.labels, split: split } }",
            with:
                "score: { uses: evaluate, in: { predictions: ridge.predictions, labels: songs.labels, split: other } }")
        try project.write(scored, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 7, "\(run)")
        let message = try run.finished["stages"][named: "score"]["message"].text
        #expect(message.contains("seen in training") && message.contains("demo-0"), "\(message)")
        #expect(try run.finished["status"].text == "failed")
    }

    @Test func anInvalidPipelineIsThreeWithAllItsProblems() throws {
        let project = try CommandLineProject()
        try project.write("stages:\n  a: { uses: decod }\n  b: { uses: command, cmd: ls, outz: [x] }\n", to: "p.yaml")
        let run = try project.sentio("run", "p.yaml")
        #expect(run.exitCode == 3)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("p.yaml:2:14: error:") && run.errors.contains("Did you mean `decode`?"), "\(run)")
        #expect(run.errors.contains("p.yaml:3:") && run.errors.contains("`outz`") && run.errors.contains("`outs`"))
        #expect(!project.exists("artifacts/runs.sqlite"), "nothing began")
        let json = try project.sentio("run", "p.yaml", "--json")
        #expect(json.exitCode == 3)
        #expect(try json.json["error"].text == "invalid-pipeline")
        #expect(try json.json["problems"].list.count == 2)
        #expect(try json.json["problems"][0]["line"].int == 2)
    }

    @Test(arguments: [
        ["run"], ["run", "p.yaml", "--jobs", "0"], ["run", "p.yaml", "--replicates", "0"],
        ["run", "p.yaml", "--tag", "x"],
        ["run", "p.yaml", "--frce", "a"], ["rnu", "p.yaml"], ["run", "p.yaml", "--force", "nobody"],
    ])
    func aUsageErrorIsSixtyFour(arguments: [String]) throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: ls } }\n", to: "p.yaml")
        let command = try RunningCommand(CommandLineProject.binary, arguments, in: project.path, environment: [:])
            .finish()
        #expect(command.exitCode == 64, "\(command)")
        #expect(command.errors.contains("Error: "))
        #expect(command.output.isEmpty)
    }

    @Test func theWorkspaceIsWhereTheUserSays() throws {
        let project = try CommandLineProject()
        try project.write("stages: { a: { uses: command, cmd: echo } }\n", to: "p.yaml")
        #expect(try project.sentio("run", "p.yaml", environment: ["SENTIO_ARTIFACTS": "elsewhere"]).exitCode == 0)
        #expect(project.exists("elsewhere/runs.sqlite") && !project.exists("artifacts"))
        #expect(
            try project.sentio("run", "p.yaml", "--artifacts", "third", environment: ["SENTIO_ARTIFACTS": "elsewhere"])
                .exitCode == 0)
        #expect(project.exists("third/runs.sqlite"))
        try project.write("", to: "file")
        let bad = try project.sentio("run", "p.yaml", "--artifacts", "file")
        #expect(bad.exitCode == 1)
        #expect(bad.errors.contains("error: ") && bad.errors.contains("file"))
    }

    @Test func withoutItsHistoryTheCacheIsWhole() throws {
        let project = try DemoProject.copy()
        for name in try project.names(in: "artifacts") where name.hasPrefix("runs.sqlite") {
            try project.remove("artifacts/" + name)
        }
        let run = try project.sentio("run", "p.yaml", "--json")
        #expect(run.exitCode == 0)
        #expect(try !run.states.contains("executed"))
        #expect(try project.sentio("runs", "list", "--json").json["runs"].list.count == 1)
    }
}
