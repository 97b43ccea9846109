import Foundation
import Testing

/// `artifacts taint` and `run --tainted`.
@Suite struct TaintTests {
    /// A project on twelve MP3s of its own, run once.
    private func project() throws -> CommandLineProject {
        let project = try CommandLineProject()
        try DemoProject.dataset(in: project, songs: 12)
        let yaml = DemoProject.yaml.replacing("dataset: demo", with: "dataset: data").replacing(
            ", demo_songs: 12", with: "")
        try project.write(yaml, to: "p.yaml")
        let run = try project.sentio("run", "p.yaml", "-q")
        #expect(run.exitCode == 0, "\(run)")
        return project
    }

    private func reasons(_ project: CommandLineProject, _ arguments: String) throws -> [String: String] {
        let run = try project.shell("\"$SENTIO\" run p.yaml --json \(arguments) | tail -1")
        return Dictionary(
            uniqueKeysWithValues: try JSONValue(run.output)["stages"].list.map {
                ($0["name"].text, $0["state"].text == "executed" ? $0["reason"]["code"].text : $0["state"].text)
            })
    }

    @Test func aMarkedSongMakesStaleWhatItReachedUntilThatWasExecuted() throws {
        let project = try project()
        let taint = try project.sentio("artifacts", "taint", "3", "--reason", "wrong label")
        #expect(taint.exitCode == 0, "\(taint)")
        for artifact in ["songs.audio", "waves.waveforms", "mels.spectrograms", "table.features", "songs.labels"] {
            #expect(
                taint.lines.contains { $0.hasPrefix(artifact) && $0.contains("contained") }, "\(artifact)\n\(taint)")
        }
        #expect(taint.lines.contains { $0.contains(#/^20\d{6}-\d{6}-\w+ +songs, waves, mels/#) }, "\(taint)")
        #expect(
            try project.sentio("runs", "show").output.contains("tainted: 3 (wrong label) reached songs, waves, mels"))
        #expect(try project.sentio("runs", "list").output.contains("succeeded, tainted"))

        let plan = try project.sentio("plan", "p.yaml", "--exit-code", "--json")
        #expect(plan.exitCode == 4)
        let songs = try plan.json["stages"].list.first { $0["stage"].text == "songs" }
        #expect(songs?["reason"]["code"].text == "tainted")
        #expect(songs?["reason"]["text"].text == "the tainted song 3 reached it (wrong label)")

        // The label is put right; the audio stays.
        let table = String(decoding: try project.read("data/annotations.csv"), as: UTF8.self)
        try project.write(table.replacing("\n3, 5,", with: "\n3, 6,"), to: "data/annotations.csv")
        let run = try project.sentio("run", "p.yaml", "--tainted", "--json")
        let stages = try run.finished["stages"]
        #expect(run.exitCode == 0, "\(run)")
        #expect(stages[named: "waves"]["reason"]["code"].text == "tainted")
        #expect(
            stages[named: "waves"]["items"]["executed"].int == 1 && stages[named: "waves"]["items"]["cached"].int == 11)
        #expect(stages[named: "songs"]["reason"]["text"].text.contains("annotations.csv changed"))
        #expect(run.errors.contains("The tainted song `3` (wrong label) is still in `songs`"))
        #expect(
            try project.sentio("run", "p.yaml", "--json").states.contains("executed") == false,
            "executed since the mark")
        #expect(
            try project.sentio("run", "p.yaml", "--tainted").errors.contains(
                "No result of this pipeline depends on a tainted song."))
        #expect(try project.sentio("artifacts", "tainted").lines[1].hasPrefix("3 "))
    }

    @Test func untaintingMakesItCountAgain() throws {
        let project = try project()
        let hash = try project.sentio("artifacts", "taint", "3", "--reason", "clipped", "--json").json["mark"]["song"]
            .text
        // The mark is no history.
        for suffix in ["", "-wal", "-shm"] where project.exists("artifacts/runs.sqlite" + suffix) {
            try project.remove("artifacts/runs.sqlite" + suffix)
        }
        #expect(try project.sentio("plan", "p.yaml", "--exit-code").exitCode == 4)
        #expect(try project.sentio("artifacts", "untaint", String(hash.prefix(8))).exitCode == 0)
        #expect(try project.sentio("plan", "p.yaml", "--exit-code").exitCode == 0)
        #expect(try project.sentio("artifacts", "untaint", "3").exitCode == 64)
        #expect(try project.sentio("artifacts", "tainted").output == "No song is tainted.\n")
    }

    @Test func aRemovedSongLeavesTheOthersCached() throws {
        let project = try project()
        #expect(try project.sentio("artifacts", "taint", "3", "--reason", "not music").exitCode == 0)
        try project.remove("data/audio/3.mp3")
        let table = String(decoding: try project.read("data/annotations.csv"), as: UTF8.self)
        try project.write(
            table.split(separator: "\n").filter { !$0.hasPrefix("3,") }.joined(separator: "\n") + "\n",
            to: "data/annotations.csv")
        let run = try project.sentio("run", "p.yaml", "--tainted", "--json")
        #expect(run.exitCode == 0, "\(run)")
        let songs = try run.finished["stages"][named: "songs"]
        #expect(
            songs["reason"]["code"].text == "tainted" && songs["reason"]["text"].text.contains("3.mp3 is gone"),
            "\(run)")
        #expect(try run.finished["stages"][named: "waves"]["items"]["executed"].int == 0)
        #expect(!run.errors.contains("is still in"))
    }

    @Test func wrongSongsAndABrokenListAreSentences() throws {
        let project = try DemoProject.copy()
        let unknown = try project.sentio("artifacts", "taint", "nobody", "--reason", "x")
        #expect(
            unknown.exitCode == 64 && unknown.errors.contains("No result in this workspace depends on a song `nobody`.")
        )
        #expect(try project.sentio("artifacts", "taint", "demo").exitCode == 64, "a reason is needed")
        try project.write("{\"schema\":1,\"songs\":[{}]}", to: "artifacts/tainted.json")
        let run = try project.sentio("run", "p.yaml")
        #expect(
            run.exitCode == 1
                && run.errors.contains("The list of tainted songs artifacts/tainted.json cannot be read: song number 1")
        )
    }
}
