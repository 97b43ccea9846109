import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

/// What `song-dataset` reads although it does not have the documented form, what it says then, and what it refuses
/// because it could mean two things.
@Suite struct TrustedReadingTests {
    let harness = StageHarness()
    private static let header = "song_id;valence_mean;arousal_mean\n"

    @discardableResult
    private func run(
        _ annotations: String, audio: [String] = ["1.mp3", "2.mp3"], metadata: String? = nil,
        with given: [String: Value] = [:]
    ) throws -> Table {
        var files = ["audio": audio.map { harness.source($0, "sound \($0)", at: "data/audio/\($0)") }]
        files["annotations"] = [harness.source("annotations.csv", annotations, at: "data/annotations.csv")]
        if let metadata { files["metadata"] = [harness.source("metadata.csv", metadata, at: "data/metadata.csv")] }
        let outputs = try harness.run(
            SongDatasetStage.self, with: given.merging(["source": "data"]) { given, _ in given }, sourceFiles: files)
        return try harness.table(outputs["labels"]!)
    }

    // MARK: Decimal commas

    @Test func decimalCommasAreReadAndSaid() throws {
        let labels = try run(
            "song_id;valence_mean;valence_std;arousal_mean\n1;3,5;0,25;4\n2;-0;1;5,125\n".replacing("-0", with: "2"))
        #expect(labels.rows == [["1", "3.5", "0.25", "4", ""], ["2", "2", "1", "5.125", ""]])
        #expect(
            harness.services.warnings == [
                "data/annotations.csv:2: the ratings have decimal commas; `3,5` is read as 3.5."
            ])
    }

    @Test func aCommaThatCannotSeparateThousandsIsDecimal() throws {
        // 3,500 as three thousand five hundred would lie outside the scale.
        #expect(try run(Self.header + "1;3,500;4\n2;5,250;5\n").cell("1", "valence") == "3.5")
    }

    @Test(arguments: [
        (["3,5", "4"], [String](), 1.0...9.0, true), (["3,5", "4.0"], [], 1...9, false),
        (["3", "4"], [], 1...9, false),
        (["1,234"], [], 0...10_000, false), (["1,234", "0,5"], [], 0...10_000, true), (["0,123"], [], 0...1000, true),
        (["1234,567"], [], 0...10_000, true), (["12"], ["1,5"], 0...100, true), (["12"], ["1,234"], 0...100, false),
        (["-0,75"], [], -1...1, true), (["a,b"], [], 1...9, false), (["1,2,3"], [], 1...9, false),
        (["3,"], [], 1...9, false),
    ])
    func whatIsBeyondDoubt(means: [String], spreads: [String], scale: ClosedRange<Double>, isCertain: Bool) {
        #expect(DecimalComma.isCertain(means: means, spreads: spreads, scale: scale) == isCertain)
    }

    @Test func pointsAndCommasTogetherStayAnError() {
        #expect(
            sentence { try run(Self.header + "1;3,5;4.5\n") }.contains(
                "song 1: valence_mean is `3,5`, with a decimal comma; write 3.5"))
        #expect(
            sentence { try run(Self.header + "1;1,234;4\n", with: ["scale": [0, 10_000]]) }.contains(
                "a decimal comma or a thousands separator"))
    }

    // MARK: Columns

    @Test func spreadsAreFoundWithTheirMeans() throws {
        let labels = try run("id;v;v_std;a;sd_a\n1;3;1;4;2\n2;5;0;6;1\n")
        #expect(labels.rows == [["1", "3", "1", "4", "2"], ["2", "5", "0", "6", "1"]])
        #expect(harness.services.warnings[0].contains("`v_std` as valence_std and `sd_a` as arousal_std"))
    }

    /// A table with the standard names was read before, whatever else it holds.
    @Test func nothingIsGuessedWhereAllColumnsAreThere() throws {
        let labels = try run("song_id,valence_mean,arousal_mean,v_std\n1,3,4,1\n2,5,6,1\n")
        #expect(labels.cell("1", "valence_std") == "" && harness.services.warnings.isEmpty)
    }

    @Test(arguments: ["id,track,v,a", "id,v,valence,a", "id,x,a", "id,v_mean,a_mean"])
    func twoCandidatesOrNoneStayAnError(header: String) {
        let row = header.split(separator: ",").map { _ in "1" }.joined(separator: ",")
        #expect(
            sentence { try run(header + "\n\(row)\n") }.contains("annotations.csv:1: there are no columns `song_id`"))
    }

    @Test func aNameThatIsGivenAndAbsentStaysAnError() {
        let given: [String: Value] = ["source": "data", "columns": ["valence_mean": "vv"]]
        let annotations = harness.source("annotations.csv", "song_id,v,arousal_mean\n1,3,4\n")
        let text = sentence {
            try harness.run(
                SongDatasetStage.self, with: given,
                sourceFiles: [
                    "audio": [harness.source("1.mp3", "one")], "annotations (valence_mean=vv)": [annotations],
                ])
        }
        #expect(text.contains("there is no column `vv` (given in `columns` for `valence_mean`)"), "\(text)")
    }

    @Test func metadataMayNameTheirSongsOtherwise() throws {
        let labels = try run(
            "song_id,valence_mean,arousal_mean\n1,3,4\n2,5,6\n", metadata: "filename,artist\n1.mp3,A\n2.wav,B\n")
        #expect(labels.cell("2", "artist") == "B")
        #expect(
            harness.services.warnings == [
                "data/metadata.csv:1: the table is read with `filename` as song_id.",
                "data/metadata.csv:2: the ids end in the extension of an audio file; `1.mp3` is read as song 1.",
            ])
    }

    // MARK: Ids

    @Test func extensionsOfIdsAreDropped() throws {
        #expect(try run(Self.header + "1.mp3;3;4\n2.WAV;5;6\n").rows.map { $0[0] } == ["1", "2"])
        #expect(
            harness.services.warnings == [
                "data/annotations.csv:2: the ids end in the extension of an audio file; `1.mp3` is read as song 1."
            ])
    }

    /// Where ids as written name songs, the others were left out before and still are.
    @Test func extensionsStayWhereAnIdNamesASongAsWritten() throws {
        let labels = try run(Self.header + "1;3;4\n2.mp3;5;6\n")
        #expect(labels.rows.map { $0[0] } == ["1"])
        #expect(harness.services.warnings[0].contains("`2.mp3` in data/annotations.csv:3 looks like song `2`"))
        #expect(try run(Self.header + "1.mp3;3;4\n", audio: ["1.mp3.wav", "1.flac"]).rows.map { $0[0] } == ["1.mp3"])
    }

    @Test func idsThatWouldBecomeTheSameStayAnError() {
        #expect(sentence { try run(Self.header + "1.mp3;3;4\n1.wav;5;6\n") }.hasPrefix("No song of data has both"))
    }

    @Test(arguments: [("12.mp3", "12"), ("a.b.FLAC", "a.b"), ("12", nil), (".mp3", nil), ("12.csv", nil)])
    func idsWithoutExtension(id: String, plain: String?) { #expect(SongID.withoutExtension(id) == plain) }

    // MARK: Places

    @Test func ratingsAndSoundMayHaveOtherNames() throws {
        func stage(_ given: [String: Value]) throws -> SongDatasetStage {
            try SongDatasetStage(
                try Configuration(SongDatasetStage.parameters, given: given.merging(["source": "data"]) { $1 }))
        }
        let plain = try stage([:]).sources, other = try stage(["annotations": "r.csv", "audio": "clips"]).sources
        #expect(plain.map(\.name) == other.map(\.name), "names are in the key, places are not")
        #expect(plain.first { $0.name == "audio" }?.fallback == "data")
        let audio = try #require(other.first { $0.name == "audio" })
        #expect(audio.path == "data/clips" && audio.fallback == nil)
        #expect(other.first { $0.name == "annotations" }?.path == "data/r.csv")
        #expect(try stage(["audio": "."]).sources.first { $0.name == "audio" }?.path == "data")
        #expect(sentence { _ = try stage(["audio": ""]) } == "`audio`: the name is empty.")
    }
}
