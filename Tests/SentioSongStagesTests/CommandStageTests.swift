import Foundation
import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct CommandStageTests {
    let harness = StageHarness()
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @discardableResult
    func run(
        _ cmd: Value, _ given: [String: Value] = [:], inputs: [String: Manifest] = [:], store: (any BlobStore)? = nil
    ) throws
        -> [String: Manifest]
    {
        try harness.run(
            CommandStage.self, with: given.merging(["cmd": cmd]) { given, _ in given }, inputs: inputs, seed: 5 << 40,
            temporary: try folder.folder(".tmp"), directory: folder.path, store: store)
    }

    /// Whether a process is gone, or ended and not collected; a kill may take a moment to arrive.
    func hasEnded(_ processID: String) -> Bool {
        let file = "/proc/" + processID.split(separator: "\n").joined() + "/stat"
        for _ in 0..<100_000 {
            guard let bytes = try? FileBytes.readStream(file) else { return true }
            if String(decoding: bytes, as: UTF8.self).contains(") Z ") { return true }
        }
        return false
    }

    @Test func filesFoldersAndMetricsAreKept() throws {
        let outputs = try run(
            [
                "echo hello; echo trouble >&2; printf abc > plot.txt",
                "mkdir -p d/e; printf 1 > d/a; printf 2 > d/e/b; echo '{\"r2\": 0.5, \"loss\": {\"train\": [1, 2]}, \"note\": \"x\"}' > m.json",
            ],
            ["outs": ["plot.txt", "d"], "metrics": "m.json"])
        #expect(outputs.keys.sorted() == ["d", "m.json", "plot.txt"])
        #expect(try harness.text(outputs["plot.txt"]!, "plot.txt") == "abc")
        #expect(
            outputs["plot.txt"]?.attributes == ["layout": "file"] && outputs["d"]?.attributes == ["layout": "folder"])
        #expect(outputs["d"]?.entries.map(\.id) == ["a", "e/b"])
        #expect(harness.services.metrics == ["r2": 0.5, "loss.train.0": 1, "loss.train.1": 2])
        #expect(harness.services.lines.filter { !$0.hasPrefix("$") } == ["hello", "trouble"])
    }

    @Test func portsAreThePathsAndSourcesTheDependencies() throws {
        let stage = try CommandStage(
            try Configuration(
                CommandStage.parameters,
                given: ["cmd": "x", "deps": ["plot.py", "data"], "outs": ["plot.png"], "metrics": ["m.json"]]))
        #expect(
            stage.outputs.map(\.name) == ["plot.png", "m.json"]
                && stage.outputs.map(\.workspacePath) == ["plot.png", "m.json"])
        #expect(
            stage.sources == [
                SourceRequest("plot.py", path: "plot.py", form: .fileOrFolder),
                SourceRequest("data", path: "data", form: .fileOrFolder),
            ])
        #expect(stage.drawsRandomNumbers)
    }

    @Test func seesItsEnvironmentAndFolder() throws {
        try run(
            "pwd > where; echo $SENTIO_RUN_ID $SENTIO_STAGE $SENTIO_SEED > env; cat > stdin; [ -d \"$SENTIO_TMP\" ] && [ -d \"$SENTIO_OUT\" ]",
            ["outs": ["where", "env", "stdin"]])
        func text(_ name: String) throws -> String {
            try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
        }
        #expect(try text("where").hasSuffix(URL(fileURLWithPath: folder.path).lastPathComponent + "\n"))
        #expect(try text("env") == "run-1 command 640\n")
        #expect(try text("stdin").isEmpty)
        try run("echo \"[$SENTIO_SEED]\" > env", ["outs": "env", "seeded": false])
        #expect(try text("env") == "[]\n")
    }

    @Test func aFailureSaysExitCodeAndLastLines() throws {
        let text = sentence { try run("for i in $(seq 1 30); do echo line $i; done; exit 3") }
        #expect(text.hasPrefix("The command of command failed with exit code 3: `for i in"))
        #expect(text.contains("line 11\n") && !text.contains("line 10\n") && text.hasSuffix("line 30"))
        #expect(sentence { try run("kill -9 $$") }.contains("was killed by signal 9"))
        #expect(sentence { try run(["false", "touch never"]) }.contains("exit code 1: `false`. It printed nothing."))
        #expect(!folder.exists("never"))
    }

    @Test func aMissingOutputIsNamedAndOldOnesAreNotDeletedFirst() throws {
        #expect(
            sentence { try run("true", ["outs": "plot.png"]) }
                == "The command of command succeeded but did not create its output `plot.png`. Correct `outs` or the command."
        )
        try folder.write("old", to: "kept.txt")
        #expect(try harness.text(try run("true", ["outs": "kept.txt"])["kept.txt"]!, "kept.txt") == "old")
    }

    @Test func timeoutAndCancellationStopTheWholeGroup() throws {
        #expect(
            sentence { try run("sleep 60 & echo $! > pid; sleep 60", ["timeout": 0.2]) }.contains(
                "ran longer than its timeout of 0.2 s"))
        #expect(hasEnded(try String(contentsOfFile: folder.path + "/pid", encoding: .utf8)))
        harness.services.cancel()
        #expect(throws: StageCancelled.self) {
            try run("trap 'echo stopping; exit 0' TERM; sleep 60 & wait; touch survived")
        }
        #expect(!folder.exists("survived"))
    }

    @Test func whatRunsOnInTheBackgroundEndsWithTheCommand() throws {
        let outputs = try run(
            "(sleep 60; echo late > out.txt) & echo $! > pid; echo now > out.txt", ["outs": ["out.txt", "pid"]])
        #expect(try harness.text(outputs["out.txt"]!, "out.txt") == "now\n")
        #expect(hasEnded(try harness.text(outputs["pid"]!, "pid")))
    }

    /// `setsid` leaves the process group, so it is not ended with the command; but its output ends.
    @Test func whatLeftTheGroupAndWritesOnHoldsNothingUp() throws {
        let outputs = try run("setsid yes & echo $! > pid; sleep 0.1", ["outs": "pid", "timeout": 20])
        #expect(harness.services.warnings.count == 1)
        #expect(harness.services.warnings.first?.contains("is still writing after the command ended") == true)
        #expect(hasEnded(try harness.text(outputs["pid"]!, "pid")), "nobody reads it any more")
        try run("setsid sleep 5 & echo done")
        #expect(harness.services.warnings.count == 1, "who writes nothing is nobody's concern")
    }

    @Test func inputsLieInFolders() throws {
        let store = FolderBlobStore(try folder.folder("store"))
        let song = StageHarness.song("3")
        let input = Manifest(
            type: .features,
            entries: [
                Manifest.Entry(id: "3", file: "3.npy", blob: try store.write(Array("data".utf8)), sources: [song])
            ])
        let outputs = try run(
            "cat \"$SENTIO_IN/table/3.npy\" > copy", ["outs": "copy"], inputs: ["table": input], store: store)
        #expect(try String(contentsOfFile: folder.path + "/copy", encoding: .utf8) == "data")
        #expect(outputs["copy"]?.lineage == Lineage([song]), "What a command leaves has seen what it was given.")
    }

    /// `l` leads outside and is left out, so the way through it would end somewhere else.
    @Test func aLinkThroughALinkThatIsNotKeptIsMadeDirect() throws {
        let outputs = try run(
            "mkdir -p top ext/deep; echo 1 > top/f; ln -s $PWD/ext/deep top/l; ln -s . top/s; ln -s s/l/../../top/f top/m; ln -s s/f top/n",
            ["outs": "top"])
        #expect(outputs["top"]?.attributes["links"] == ["s": ".", "m": "f", "n": "s/f"])
        #expect(
            harness.services.warnings.count == 1
                && harness.services.warnings[0].contains("l is a link to a folder outside"))
    }

    @Test func theOutFolderIsTheOutputWhereNoneIsDeclared() throws {
        let outputs = try run("echo 1 > $SENTIO_OUT/a; mkdir $SENTIO_OUT/b; echo 2 > $SENTIO_OUT/b/c")
        #expect(outputs["out"]?.entries.map(\.id) == ["a", "b/c"])
        try run("echo 1 > $SENTIO_OUT/a; echo 2 > x", ["outs": "x"])
        #expect(harness.services.warnings.last?.contains("are not kept, because `outs` are declared: a") == true)
    }

    @Test func metricLinesAndSeries() throws {
        try run(
            """
            echo '{"name": "loss", "value": 0.5, "step": 1}' >> $SENTIO_METRICS
            echo '{"name": "loss", "value": 0.25, "step": 2}' >> $SENTIO_METRICS
            echo '{"name": "best", "value": 3}' >> $SENTIO_METRICS
            echo 'nonsense' >> $SENTIO_METRICS
            """)
        #expect(harness.services.series == ["loss": [1: 0.5, 2: 0.25]] && harness.services.metrics == ["best": 3])
        #expect(
            harness.services.warnings == [
                "1 line of SENTIO_METRICS is ignored, because the form is not {\"name\": text, \"value\": number}: line 4 `nonsense`."
            ])
    }

    @Test func manyBadMetricLinesAreOneSentence() throws {
        try run(
            [
                "seq -f 'epoch %.0f done' 40000 > $SENTIO_METRICS",
                #"for i in 1 2 3 4; do echo '{"name": "loss", "value": NaN, "step": '$i'}'; done >> $SENTIO_METRICS"#,
            ])
        #expect(
            harness.services.warnings == [
                "40000 lines of SENTIO_METRICS are ignored, because the form is not {\"name\": text, \"value\": number}: line 1 `epoch 1 done`, line 2 `epoch 2 done`, line 3 `epoch 3 done` and 39997 more.",
                "4 lines of SENTIO_METRICS are stored as NULL, because the value is not finite: line 40001 `loss` is NaN, line 40002 `loss` is NaN, line 40003 `loss` is NaN and 1 more.",
            ])
    }

    /// A step that is none made a metric of a point of a series, and the last of two values was taken for the right
    /// one.
    @Test func stepsThatAreNoneAndKeysThatStandTwiceAreSaid() throws {
        try run(
            [
                #"echo '{"name": "loss", "value": 3, "step": 1.5}' > $SENTIO_METRICS"#,
                #"echo '{"name": "loss", "value": 2, "step": "7"}' >> $SENTIO_METRICS"#,
                #"echo '{"name": "loss", "value": 1, "value": 2}' >> $SENTIO_METRICS"#,
                #"echo '{"name": "last", "value": 1, "step": null}' >> $SENTIO_METRICS"#,
                #"echo '{"name": "loss", "value": 1, "step": 2.0}' >> $SENTIO_METRICS"#,
                #"echo '{"acc": 0.5, "loss": {"train": 1, "train": 2}, "acc": 0.9}' > m.json"#,
            ],
            ["metrics": "m.json"])
        #expect(harness.services.series == ["loss": [2: 1]])
        #expect(harness.services.metrics == ["last": 1, "acc": 0.9, "loss.train": 2])
        #expect(
            harness.services.warnings == [
                "2 lines of SENTIO_METRICS are ignored, because `step` is not a whole number: line 1 `1.5`, line 2 `\"7\"`.",
                "1 line of SENTIO_METRICS is ignored, because of a duplicate key: line 3 `value`.",
                "The metrics file `m.json` has duplicate keys; the last value of each is used: `acc`, `train`.",
            ])
    }

    @Test func badMetricsFilesAreNamed() {
        #expect(
            sentence { try run("echo '{\"a\": NAN}' > m.json", ["metrics": "m.json"]) }.hasPrefix(
                "The metrics file `m.json` of command is not JSON"))
        #expect(
            sentence { try run("echo '{\"a\": \"b\"}' > m.json", ["metrics": "m.json"]) }.contains(
                "contains no number with a name"))
        #expect(
            sentence { try run("echo '{\"a\": 1}' | tee m.json > n.json", ["metrics": ["m.json", "n.json"]]) }.contains(
                "`a` of command is in both `m.json` and `n.json`"))
    }

    @Test func aNumberThatIsNoneIsSaidAndCostsNothing() throws {
        let outputs = try run(
            [
                "echo '{\"loss\": NaN, \"acc\": 0.5, \"top\": [Infinity, -Infinity]}' > m.json",
                #"echo '{"name": "x", "value": NaN}' > $SENTIO_METRICS"#,
            ],
            ["metrics": "m.json"])
        #expect(outputs.keys.sorted() == ["m.json"])
        let metrics = harness.services.metrics
        #expect(metrics.keys.sorted() == ["acc", "loss", "top.0", "top.1", "x"] && metrics["acc"] == 0.5)
        #expect(
            metrics.filter { $0.value.isNaN }.keys.sorted() == ["loss", "top.0", "top.1", "x"],
            "all of them are NULL in the run store")
        #expect(
            harness.services.warnings == [
                "1 line of SENTIO_METRICS is stored as NULL, because the value is not finite: line 1 `x` is NaN.",
                "Some metrics of `m.json` are not finite and are stored as NULL: loss is NaN, top.0 is Infinity, top.1 is -Infinity.",
            ])
    }

    @Test func longLinesAndBytesThatAreNotTextDoNoHarm() throws {
        try run("head -c 100000 /dev/zero | tr '\\0' x; echo; printf '\\377\\n'; printf 'no end'")
        let lines = harness.services.lines
        #expect(lines[1].utf8.count < 17_000 && lines[1].hasSuffix("…"))
        #expect(lines[2] == "\u{FFFD}" && lines[3] == "no end")
    }

    @Test(
        arguments: [
            (["outs": "/etc/x"], "is not relative"), (["outs": "../x"], "leaves the pipeline's folder"),
            (["outs": "a/../../x"], "leaves"),
            (["outs": "./x"], "shortest form"), (["outs": "d/"], "shortest form"),
            (["outs": ["d", "d/a"]], "lies inside `d`"),
            (["outs": ["a", "a"]], "a path is listed twice"), (["metrics": "~/m.json"], "is not relative"),
            (["cmd": "  "], "a command is empty"),
            (["timeout": 0], "from 0.001"), (["wdir": "/x"], "`/x` is not relative"),
            (["wdir": "a", "outs": "../../x"], "leaves"),
            (["env": ["1x": "a"]], "not a valid variable name"), (["env": ["SENTIO_X": "a"]], "reserved for the run"),
            (["env": ["x": ["a"]]], "a map of names to single values"), (["shell": " "], "no program is named"),
            (["expose": ["a_b": 1, "a": ["b": 2]]], "would both be SENTIO_PARAM_a_b"),
            (["params": ["p.yaml": ["k", "k"]]], "twice"),
            (["retries": -1], "from 0 to 1000"),
        ] as [([String: Value], String)])
    func badDeclarationsAreRefused(_ given: [String: Value], _ part: String) {
        #expect(
            sentence {
                _ = try CommandStage(
                    try Configuration(CommandStage.parameters, given: given.merging(["cmd": "x"]) { given, _ in given })
                )
            }.contains(part))
    }
}
