import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct UnitedDatasetTests {
    let harness = StageHarness()
    static let header = SongDatasetStageTests.header

    struct Folder {
        var ratings: [String]
        var metadata: String?
        /// What the sound of a song is, by id; by default its own.
        var sounds: [String: String] = [:]
    }

    func run(_ source: Value, _ folders: [String: Folder], with more: [String: Value] = [:]) throws -> [String:
        Manifest]
    {
        var files: [String: [SourceFile]] = [:]
        for (name, folder) in folders {
            let ids = folder.ratings.map { String($0.prefix { $0 != "," }) }
            files["\(name): audio"] = ids.map { harness.source($0 + ".mp3", folder.sounds[$0] ?? "\($0) of \(name)") }
            files["\(name): annotations"] = [
                harness.source(
                    "annotations.csv", Self.header + folder.ratings.joined(separator: "\n") + "\n",
                    at: "\(name)/annotations.csv")
            ]
            files["\(name): metadata"] = folder.metadata.map {
                [harness.source("metadata.csv", $0, at: "\(name)/metadata.csv")]
            }
        }
        return try harness.run(SongDatasetStage.self, with: more.merging(["source": source]) { $1 }, sourceFiles: files)
    }

    @Test func idsBearTheFoldersNameAndMetadataAreUnited() throws {
        let outputs = try run(
            ["../b", "a/"],
            [
                "a": Folder(ratings: ["1,5,1,6,1", "2,4,1,4,1"], metadata: "song_id,genre\n1,pop\n2,folk\n"),
                "b": Folder(ratings: ["1,3,1,3,1"], metadata: "song_id,artist,genre\n1,Somebody,rock\n"),
            ])
        let table = try harness.table(outputs["labels"]!)
        #expect(
            table.columns == [
                "song_id", "valence", "valence_std", "arousal", "arousal_std", "genre", "artist", "source",
            ])
        #expect(
            table.rows == [
                ["a-1", "5", "1", "6", "1", "pop", "", "a"], ["a-2", "4", "1", "4", "1", "folk", "", "a"],
                ["b-1", "3", "1", "3", "1", "rock", "Somebody", "b"],
            ])
        #expect(outputs["audio"]?.entries.map(\.file) == ["a-1.mp3", "a-2.mp3", "b-1.mp3"])
        let split = try harness.run(
            SplitStage.self, with: ["group": ["artist", "none"]], inputs: ["labels": outputs["labels"]!])
        #expect(split["split"]?.rows.count == 3)
        #expect(
            harness.services.warnings == [
                "No two of the 3 songs have the same artist, and 2 have none, so songs are assigned individually: songs of one artist may be in both training and test."
            ])
    }

    @Test func theOrderOfFoldersDoesNotMatterAndAListOfOneIsThatFolder() throws {
        let folders = ["a": Folder(ratings: ["1,5,1,6,1"]), "b": Folder(ratings: ["1,3,1,3,1"])]
        let one = try run(["a", "b"], folders), other = try run(["b": "x/q", "a": "y/q"], folders)
        #expect(one["labels"] == other["labels"] && one["audio"] == other["audio"])
        func stage(_ source: Value) throws -> SongDatasetStage {
            try SongDatasetStage(try Configuration(SongDatasetStage.parameters, given: ["source": source]))
        }
        #expect(try stage(["a"]).sources == stage("a").sources)
        #expect(try stage(["a", "b"]).sources.filter { !$0.isOptional }.map(\.name) == ["a: folder", "b: folder"])
    }

    @Test func aRecordingThatTwoFoldersHaveCountsOnce() throws {
        let sounds = ["1": "the same", "2": "the same"]
        let outputs = try run(
            ["b", "a"],
            [
                "a": Folder(ratings: ["1,5,1,6,1"], sounds: sounds),
                "b": Folder(ratings: ["2,3,1,3,1", "7,3,1,3,1"], sounds: sounds),
            ])
        #expect(try harness.table(outputs["labels"]!).rows.map { $0[0] } == ["a-1", "b-7"])
        #expect(
            harness.services.warnings.count == 1
                && harness.services.warnings[0].hasSuffix("with its rating there: b-2 = a-1."))
        let twins = try run(
            ["a", "b"],
            ["a": Folder(ratings: ["1,5,1,6,1", "2,5,1,6,1"], sounds: sounds), "b": Folder(ratings: ["3,3,1,3,1"])])
        #expect(
            twins["audio"]?.entries.count == 3,
            "Two ids of one recording in one folder stay as they are with a single folder.")
    }

    @Test func limitIsOfEachFolder() throws {
        let folders = [
            "a": Folder(ratings: ["1,5,1,6,1", "2,4,1,4,1"]), "b": Folder(ratings: ["9,3,1,3,1", "3,3,1,3,1"]),
        ]
        #expect(try run(["a", "b"], folders, with: ["limit": 1])["audio"]?.entries.map(\.id) == ["a-1", "b-9"])
    }

    @Test func whatCannotBeUnitedIsNamed() {
        func problem(_ source: Value, _ folders: [String: Folder] = [:]) -> String {
            sentence { _ = try run(source, folders) }
        }
        #expect(
            problem(["x/songs", "y/songs"]).hasPrefix("`source`: `x/songs` and `y/songs` would both be called songs"))
        #expect(problem(["x", ".."]).contains("`..` gives no name"))
        #expect(problem(["x", "demo"]).contains("`demo` songs cannot be combined"))
        #expect(problem([]).contains("the folder of the dataset is missing"))
        #expect(problem(["x", ""]).contains("the folder of the dataset is missing"))
        #expect(problem(["a": ["x"]]).contains("a folder, a list of folders, or a map of names to folders"))
        let clash = ["a": Folder(ratings: ["b-1,5,1,6,1"]), "a-b": Folder(ratings: ["1,3,1,3,1"])]
        #expect(problem(["a", "a-b"], clash).hasPrefix("Songs of a and of a-b would both be called a-b-1."))
        let long = String(repeating: "x", count: 199)
        #expect(
            problem(["a", "b"], ["a": Folder(ratings: ["\(long),5,1,6,1"]), "b": Folder(ratings: ["1,3,1,3,1"])])
                .hasSuffix("of a: the song_id has 201 bytes, more than 200."))
        let outside = ["a": Folder(ratings: ["1,5,1,6,1"]), "b": Folder(ratings: ["1,13,1,3,1"])]
        #expect(
            problem(["a", "b"], outside).contains(
                "b/annotations.csv:2:3: song 1: valence_mean is 13, outside the scale from 1 to 9"))
        let named = [
            "a": Folder(ratings: ["1,5,1,6,1"], metadata: "song_id,source\n1,radio\n"),
            "b": Folder(ratings: ["1,3,1,3,1"]),
        ]
        #expect(
            problem(["a", "b"], named).contains("the column `source` has the name of a column of the combined dataset"))
    }
}
