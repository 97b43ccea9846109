import Foundation
import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

/// How a command stage is run, beside what it leaves: shell, folder, variables, attempts, keys of files.
@Suite struct CommandDeclarationTests {
    let harness = StageHarness()
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @discardableResult
    func run(_ cmd: Value, _ given: [String: Value] = [:]) throws -> [String: Manifest] {
        try harness.run(
            CommandStage.self, with: given.merging(["cmd": cmd]) { given, _ in given },
            temporary: try folder.folder(".tmp"),
            directory: folder.path)
    }

    func stage(_ given: [String: Value]) throws -> CommandStage {
        try CommandStage(
            try Configuration(CommandStage.parameters, given: given.merging(["cmd": "x"]) { given, _ in given }))
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8) }

    @Test func whatFailsInsideAPipeOrBeforeTheLastCommandIsAFailure() throws {
        #expect(sentence { try run("false | cat") }.contains("failed with exit code 1: `false | cat`"))
        #expect(sentence { try run("false; touch never") }.contains("failed with exit code 1"))
        #expect(!folder.exists("never"))
        try run("false | cat; false; touch plain", ["shell": "sh"])
        #expect(folder.exists("plain"), "plain sh looks at the last command only")
        try run("false; touch own", ["shell": "bash -u"])
        #expect(folder.exists("own"), "options of one's own replace ours")
        #expect(
            sentence { try run("yes | head -n 1") }.contains("exit code 141")
                && sentence { try run("yes | head -n 1") }.contains("|| true")
        )
    }

    @Test func aShellThatIsNotThereIsNamed() {
        let text = sentence { try run("true", ["shell": "no-such-shell -e"]) }
        #expect(text.contains("was not started: no-such-shell: no such file") && text.contains("name another `shell`"))
    }

    @Test func theFolderOfTheCommandIsWhereItsPathsStart() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/train", withIntermediateDirectories: true)
        let outputs = try run(
            "basename $PWD > where; echo '{\"a\": 1}' > m.json",
            ["wdir": "train", "outs": "where", "metrics": "m.json"])
        #expect(try text("train/where") == "train\n" && outputs.keys.sorted() == ["m.json", "where"])
        let stage = try stage([
            "wdir": "train", "outs": ["where", "../up"], "deps": ["a.py", "../b.py", "/c.py"], "params": ["lr"],
        ])
        #expect(
            stage.outputs.map(\.name) == ["where", "../up"]
                && stage.outputs.map(\.workspacePath) == ["train/where", "up"])
        #expect(stage.sources.map(\.name) == ["a.py", "../b.py", "/c.py", "params of params.yaml"])
        #expect(stage.sources.map(\.path) == ["train/a.py", "b.py", "/c.py", "train/params.yaml"])
        #expect(sentence { try run("true", ["wdir": "nowhere"]) }.contains("nowhere does not exist"))
    }

    /// The folder is no text before the command, which only a shell would understand.
    @Test func aProgramThatIsNoShellRunsInAnyFolder() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/it's", withIntermediateDirectories: true)
        for wdir: Value in [nil, "it's"] {
            let cmd: Value =
                "import os\nopen('where', 'w').write(os.path.basename(os.getcwd()) + ' ' + os.path.basename(os.environ['PWD']))"
            let outputs = try run(cmd, ["shell": "python3", "wdir": wdir, "outs": "where"])
            let name = wdir.string ?? URL(fileURLWithPath: folder.path).lastPathComponent
            #expect(try harness.text(outputs["where"]!, "where") == "\(name) \(name)")
        }
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/it's/own", withDestinationPath: "/bin/sh")
        try run("echo word > said", ["shell": "./own", "wdir": "it's", "outs": "said"])
        #expect(try text("it's/said") == "word\n", "a relative path to the program starts in the folder too")
    }

    @Test func variablesReachTheCommand() throws {
        try run(
            "echo \"$A|$B|$SENTIO_PARAM_lr|$SENTIO_PARAM_model_dim|$SENTIO_PARAM_model_on|$SENTIO_PARAM_layers|$SENTIO_PARAM_none\" > said",
            [
                "env": ["A": "one word", "B": 2], "outs": "said",
                "expose": ["lr": 0.1, "model": ["dim": 64, "on": true], "layers": [2, "x"], "none": nil],
            ])
        #expect(try text("said") == "one word|2|0.1|64|true|[2,\"x\"]|\n")
        let one = try Configuration(CommandStage.parameters, given: ["cmd": "x", "env": ["A": 1]])
        let two = try Configuration(CommandStage.parameters, given: ["cmd": "x", "env": ["A": 2]])
        #expect(one.identity != two.identity, "variables are part of the key")
    }

    @Test func aFailedAttemptIsSaidAndTriedAgain() throws {
        let command = "echo x >> count; echo left > $SENTIO_OUT/$(wc -l < count); test $(wc -l < count) -ge 3"
        let outputs = try run(.string(command), ["retries": 2])
        #expect(try text("count") == "x\nx\nx\n")
        #expect(outputs["out"]?.entries.map(\.id) == ["3"], "what a failed attempt left in SENTIO_OUT is gone")
        #expect(harness.services.remarks.count == 2)
        #expect(
            harness.services.remarks.first?.hasPrefix("Attempt 1 of 3 of command failed with exit code 1: ") == true)
        #expect(
            sentence { try run("exit 4", ["retries": 1]) }.hasPrefix(
                "The command of command failed 2 times; the last time it failed with exit code 4: `exit 4`."))
        let once = try Configuration(CommandStage.parameters, given: ["cmd": "x"])
        let often = try Configuration(CommandStage.parameters, given: ["cmd": "x", "retries": 3])
        #expect(often.identity == once.identity)
    }

    @Test func metricsMayLieInsideAnOutput() throws {
        let outputs = try run(
            "mkdir -p out; echo '{\"acc\": 0.5}' > out/m.json; echo 1 > out/model",
            ["outs": "out", "metrics": "out/m.json"])
        #expect(outputs.keys.sorted() == ["out"] && outputs["out"]?.entries.map(\.id) == ["m.json", "model"])
        #expect(harness.services.metrics == ["acc": 0.5])
    }

    @Test func keysOfFilesAreAskedFor() throws {
        func requests(_ params: Value) throws -> [SourceRequest] { try stage(["params": params]).sources }
        #expect(
            try requests(["lr", "model.dim", ["other.json": ["seed"]], ["whole.yaml": nil]]) == [
                SourceRequest("params of params.yaml", path: "params.yaml", form: .values(keys: ["lr", "model.dim"])),
                SourceRequest("params of other.json", path: "other.json", form: .values(keys: ["seed"])),
                SourceRequest("params of whole.yaml", path: "whole.yaml"),
            ])
        #expect(try requests("lr").map(\.path) == ["params.yaml"])
    }
}
