import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

/// `song-dataset` with `dynamic: true`.
@Suite struct DynamicRatingsTests {
    let harness = StageHarness()
    static let valence = "song_id,sample_15000ms,sample_15500ms,sample_16000ms\n3,0.1,0.2,0.3\n4,-0.5,,0.5\n9,0,0,0\n"
    static let arousal = "song_id,sample_15500ms,sample_16000ms,sample_15000ms\n3,-0.2,-0.3,-0.1\n4,0.1,0.2,nan\n"

    private func files(valence: String? = Self.valence, arousal: String? = Self.arousal, prefix: String = "")
        -> [String: [SourceFile]]
    {
        var files = [
            "audio": ["3.mp3", "4.mp3", "5.mp3"].map { harness.source($0, "sound \($0)", at: "data/audio/\($0)") },
            "annotations": [
                harness.source(
                    "annotations.csv", SongDatasetStageTests.header + "3,3,1,3,1\n4,4,1,4,1\n5,5,1,5,1\n",
                    at: "data/annotations.csv")
            ],
        ]
        for (name, text) in [("valence", valence), ("arousal", arousal)] {
            guard let text else { continue }
            files["\(prefix)dynamic-\(name)"] = [
                harness.source("\(name).csv", text, at: "data/dynamic/\(name).csv")
            ]
        }
        return files
    }

    private func run(_ files: [String: [SourceFile]], dynamic: Bool = true) throws -> [String: Manifest] {
        try harness.run(
            SongDatasetStage.self, with: ["source": "data", "dynamic": .bool(dynamic)], sourceFiles: files)
    }

    private func series(_ manifest: Manifest, _ id: String) throws -> TimeSeries {
        let entry = try #require(manifest.entry(id))
        let port = InputPort("ratings", .ratingSequences)
        return try SequenceFile.read(try harness.store.read(entry.blob), columns: 2, song: id, port: port)
    }

    @Test(arguments: ["", "deam-", "deam-flat-"]) func momentsThatAllDimensionsHave(_ prefix: String) throws {
        let outputs = try run(files(prefix: prefix)), dynamic = try #require(outputs["dynamic"])
        #expect(dynamic.type == "rating-sequences" && dynamic.entries.map(\.id) == ["3", "4"])
        #expect(dynamic.attributes["scale"] == [-1.0, 1.0])
        #expect(dynamic.attributes["dimensions"] == ["valence", "arousal"])
        let first = try series(dynamic, "3")
        #expect(first.times == [15, 15.5, 16])
        #expect(first.values.values == [0.1, -0.1, 0.2, -0.2, 0.3, -0.3])
        let second = try series(dynamic, "4")
        #expect(second.times == [16] && second.values.values == [0.5, 0.2])
        #expect(dynamic.entry("3")?.sources == outputs["labels"]?.row("3")?.sources)
        #expect(dynamic.entries.allSatisfy { $0.fitted == nil } && harness.services.warnings.isEmpty)
        #expect(harness.services.metrics["songs.dynamic"] == 2)
    }

    /// Without the parameter nothing of a stage changes: not its key, not its outputs.
    @Test func whoDoesNotAskDoesNotPay() throws {
        func stage(_ given: [String: Value]) throws -> (Configuration, SongDatasetStage) {
            let configuration = try Configuration(
                SongDatasetStage.parameters, given: given.merging(["source": "data"]) { $1 })
            return (configuration, try SongDatasetStage(configuration))
        }
        let (plain, one) = try stage([:]), (asked, other) = try stage(["dynamic": true])
        #expect(plain.identity == asked.identity && plain.identity["dynamic"] == nil)
        #expect(one.outputs.map(\.name) == ["audio", "labels"])
        #expect(other.outputs.map(\.name) == ["audio", "labels", "dynamic"])
        #expect(!one.sources.contains { $0.name.contains("dynamic") })
        #expect(Array(other.sources.prefix(one.sources.count)) == one.sources)
        let without = try run(files(), dynamic: false), with = try run(files())
        #expect(without["dynamic"] == nil && without["labels"] == with["labels"] && without["audio"] == with["audio"])
    }

    @Test func theDemoSongsHaveNone() {
        let text = sentence {
            _ = try SongDatasetStage(
                try Configuration(SongDatasetStage.parameters, given: ["source": "demo", "dynamic": true]))
        }
        #expect(text == "`dynamic`: the demo songs have no ratings over time.")
    }

    @Test(arguments: [
        ("song_id,sample_15000ms\n3,1.5\n", "data/dynamic/valence.csv:2:3: song 3: sample_15000ms is 1.5, outside"),
        ("song_id,sample_15000ms\n3,loud\n", "sample_15000ms is `loud`, not a number"),
        ("song_id,at15\n3,0.5\n", "the column `at15` is not a time such as `sample_15000ms`"),
        ("id,sample_15000ms\n3,0.5\n", "there is no column `song_id`"),
        ("song_id,sample_15000ms\n3,0.5\n3,0.5\n", "song 3 is rated a second time (first in line 2)"),
        ("song_id,sample_15000ms,sample_015000ms\n3,0.5,0.5\n", "a time has two columns"),
    ])
    func whatIsWrongIsNamed(_ table: String, _ expected: String) throws {
        let text = sentence { _ = try run(files(valence: table)) }
        #expect(text.contains(expected), "\(text)")
    }

    @Test func whatIsMissingIsNamed() throws {
        #expect(
            sentence { _ = try run(files(arousal: nil)) }
                == "The dataset data has ratings over time, but none of arousal: dynamic/arousal.csv is missing.")
        let none = sentence { _ = try run(files(valence: nil, arousal: nil)) }
        #expect(none.hasPrefix("No song of the dataset has ratings over time."), "\(none)")
    }

    @Test func namesOfMomentsAreStrict() {
        #expect(DynamicRatings.milliseconds("sample_15000ms") == 15_000)
        for name in ["sample_ms", "sample_-5ms", "sample_1.5ms", "15000ms", "sample_15000", "sample_99999999999ms"] {
            #expect(DynamicRatings.milliseconds(name) == nil, "\(name)")
        }
    }

    @Test func aSeriesIsReadBetweenItsMoments() {
        let series = TimeSeries(times: [1, 2, 4], values: Matrix(rows: 3, columns: 1, values: [10, 20, 0]))
        #expect(series.at([0, 1, 1.5, 2, 3, 4, 9]).values == [10, 10, 15, 20, 10, 0, 0])
        #expect(series.means == [10])
    }

    @Test func sequencesThatAreNoneAreRefused() throws {
        let port = InputPort("ratings", .ratingSequences)
        func read(_ values: [Double], _ shape: [Int]) -> String {
            sentence {
                _ = try SequenceFile.read(
                    NpyFile.write(NpyArray(values, shape: shape)), columns: 1, song: "a", port: port)
            }
        }
        #expect(read([1, 0.5, 1, 0.5], [2, 2]).contains("its times must increase"))
        #expect(read([1, .nan], [1, 2]).contains("every number must be finite"))
        #expect(read([1, 2, 3], [1, 3]).contains("has the shape [1, 3], not [steps, 2]"))
    }
}
