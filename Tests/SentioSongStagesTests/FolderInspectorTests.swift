import Foundation
import SentioKit
import StageTestSupport
import Testing

@testable import SentioSongStages

/// Each finding of an examined folder: what it says, where, and what the stage must be told.
@Suite struct FolderInspectorTests {
    private let folder: TemporaryFolder
    private static let header = "song_id,valence_mean,arousal_mean\n"

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.folder("data/audio")
    }

    private var data: String { folder.path + "/data" }

    /// One second of a tone, 16-bit mono at 8000 Hz; another pitch for each name, so that no two files are the same.
    private func song(_ name: String, seconds: Double = 4, pitch: Int? = nil) throws {
        func le(_ number: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(number >> (8 * $0) & 255) } }
        let step = Double(pitch ?? 200 + name.utf8.reduce(0) { $0 + Int($1) }) * 2 * Double.pi / 8000
        let samples = (0..<Int(seconds * 8000)).flatMap { le(Int(8000 * sin(step * Double($0))) & 0xFFFF, 2) }
        let format = le(16, 4) + le(1, 2) + le(1, 2) + le(8000, 4) + le(16_000, 4) + le(2, 2) + le(16, 2)
        var file = Array("RIFF".utf8) + le(36 + samples.count, 4) + Array("WAVEfmt ".utf8) + format
        file += Array("data".utf8) + le(samples.count, 4) + samples
        try Data(file).write(to: URL(fileURLWithPath: data + "/" + name))
    }

    private func songs(_ names: [String], in place: String = "audio/") throws {
        for name in names { try song(place + name) }
    }

    private func table(_ text: String, _ name: String = "annotations.csv") throws {
        try folder.write(text, to: "data/" + name)
    }

    private func inspect(readsSongs: Bool = false) throws -> DatasetInspection {
        try SongDatasetStage.inspect(data, readsSongs: readsSongs, threads: 2) { _, _ in }
    }

    /// The lines of an examination, without the path of the temporary folder.
    private func lines(_ inspection: DatasetInspection) -> [String] {
        inspection.findings.map { "\($0.severity): \($0.text.replacing(folder.path + "/", with: ""))" }
    }

    private func settings(_ inspection: DatasetInspection) -> [String: Value] {
        Dictionary(uniqueKeysWithValues: inspection.settings.map { ($0.name, $0.value) })
    }

    @Test func aFolderInTheDocumentedFormHasNoFindings() throws {
        try songs(["1.wav", "2.wav"])
        try table(Self.header + "1,1.5,9\n2,8,5\n")
        try table("song_id,artist\n1,A\n2,B\n", "metadata.csv")
        let inspection = try inspect(readsSongs: true)
        #expect(inspection.findings.isEmpty && inspection.settings.isEmpty && inspection.isUsable, "\(inspection)")
        #expect(inspection.songs == 2 && inspection.metadataColumns == ["artist"])
        #expect(inspection.lengths == DatasetInspection.Lengths([4, 4]))
        #expect(inspection.ratings?.csv == Self.header + "1,1.5,9\n2,8,5\n")
    }

    @Test func theFormOfTheTable() throws {
        try songs(["1.wav", "2.wav"], in: "")
        try FileManager.default.removeItem(atPath: data + "/audio")
        try table("\u{FEFF}id;v;a\n1.wav;-0,5;0,25\n2.wav;1;-1\n")
        let inspection = try inspect()
        #expect(
            lines(inspection) == [
                "note: data: the audio files are in the folder itself, which is read as it is.",
                "note: data/annotations.csv:1: the file starts with a byte-order mark, which is skipped.",
                "note: data/annotations.csv:1: the columns are separated by semicolons, which is read as it is.",
                "note: data/annotations.csv:1: the table is read with `id` as song_id, `v` as valence_mean and `a` as arousal_mean. If that is wrong, correct `columns:`.",
                "warning: data/annotations.csv: the ratings range from -1 to 1, so their scale is taken to be [-1, 1]. If the songs were rated on another scale, correct `scale: [-1, 1]`.",
                "note: data/annotations.csv:2: the ratings have decimal commas; `-0,5` is read as -0.5.",
                "note: data/annotations.csv:2: the ids end in the extension of an audio file; `1.wav` is read as song 1.",
            ])
        #expect(
            settings(inspection) == [
                "columns": ["song_id": "id", "valence_mean": "v", "arousal_mean": "a"], "scale": [-1, 1],
            ])
        #expect(inspection.ratings?.csv == Self.header + "1,-0.5,0.25\n2,1,-1\n" && inspection.isUsable)
    }

    @Test func tabsAndSpreads() throws {
        try songs(["1.wav"])
        try table("song_id\tvalence_mean\tvalence_std\tarousal_mean\tarousal_std\n1\t9\t0,5\t1\t\n")
        let inspection = try inspect()
        #expect(lines(inspection)[0].contains("separated by tabs"))
        #expect(inspection.ratings?.rows == [["1", "9", "0.5", "1", ""]])
    }

    @Test func theScaleIsGuessedFromTheValues() throws {
        try songs(["1.wav"])
        for (values, scale) in [("12,97", [0, 100] as Value), ("1.5,4.75", [1, 5]), ("0.2,0.9", [0, 1])] {
            try table(Self.header + "1,\(values)\n")
            #expect(settings(try inspect())["scale"] == scale, "\(values)")
        }
    }

    @Test func ofSeveralColumnsOfIdsTheOneThatNamesSongsIsTaken() throws {
        try songs(["x1.wav", "x2.wav"])
        try table("id,filename,valence,arousal\n1,x1.wav,1,9\n2,x2.wav,9,1\n")
        let inspection = try inspect()
        #expect(settings(inspection)["columns"]?["song_id"] == "filename" && inspection.songs == 2)
        #expect(
            lines(inspection)[0]
                == "note: data/annotations.csv:1: several columns may hold the ids; `filename` names the most songs (2). Another one can be named under `columns:`."
        )
        #expect(lines(inspection).contains { $0.contains("not used: `id`. Artists, genres and other metadata") })
    }

    @Test func otherDimensionsAndMissingOnes() throws {
        try songs(["1.wav"])
        try table("song_id,tension_mean,energy_mean\n1,1,9\n")
        #expect(settings(try inspect())["dimensions"] == ["tension", "energy"])
        try table("song_id,valence\n1,9\n")
        let inspection = try inspect()
        #expect(settings(inspection)["dimensions"] == ["valence"] && inspection.isUsable)
        #expect(
            lines(inspection).contains {
                $0.hasPrefix("warning: data/annotations.csv:1: there are no ratings of arousal")
            })
    }

    @Test func tableAndSongsInOtherPlaces() throws {
        try songs(["1.wav"], in: "")
        try FileManager.default.removeItem(atPath: data + "/audio")
        _ = try folder.folder("data/clips/deep")
        try FileManager.default.moveItem(atPath: data + "/1.wav", toPath: data + "/clips/deep/1.wav")
        try table(Self.header + "1,1,9\n", "my ratings.csv")
        let inspection = try inspect()
        #expect(settings(inspection) == ["audio": "clips", "annotations": "my ratings.csv"] && inspection.songs == 1)
        #expect(
            lines(inspection) == [
                "note: data/clips: the audio files are here, not in audio/. `audio:` says so.",
                "note: data/my ratings.csv: the table of ratings is here, not in annotations.csv. `annotations:` says so.",
            ])
        _ = try folder.folder("data/more")
        try song("more/2.wav")
        #expect(settings(try inspect())["audio"] == ".")
    }

    @Test func severalTablesOfRatingsAreLeftToTheUser() throws {
        try songs(["1.wav"])
        for name in ["a.csv", "b.csv"] { try table(Self.header + "1,1,9\n", name) }
        let inspection = try inspect()
        #expect(!inspection.isUsable)
        #expect(
            lines(inspection).contains(
                "error: data: several tables may hold the ratings: a.csv, b.csv. Rename the one that does to annotations.csv."
            ))
    }

    @Test func whatHasNoRatingOrNoSound() throws {
        try songs(["1.wav", "3.wav"])
        try table(Self.header + "1,1,9\n2,5,5\n")
        let inspection = try inspect()
        #expect(
            lines(inspection) == [
                "warning: data/annotations.csv:3: 1 song is rated but without an audio file: 2. Left out.",
                "warning: data/audio/: 1 song is in the audio folder but without a rating: 3. Left out.",
            ])
        #expect(inspection.songs == 1 && inspection.isUsable)
        try table(Self.header + "8,1,9\n")
        #expect(lines(try inspect())[0].hasPrefix("error: data: No song of data has both a rating and an audio file"))
        try table(Self.header)
        #expect(try !inspect().isUsable)
    }

    @Test func idsTwiceAndBadCells() throws {
        try songs(["1.wav", "2.wav"])
        try table(Self.header + "1,1,9\n2,x,5\n1,2,8\n")
        let inspection = try inspect()
        #expect(
            lines(inspection) == [
                "error: data/annotations.csv:3:3: song 2: valence_mean is `x`, not a number. Correct or remove these lines.",
                "error: data/annotations.csv:4:1: song 1 is rated a second time (first in line 2). Correct or remove these lines.",
            ])
        #expect(!inspection.isUsable && inspection.ratings == nil)
    }

    @Test func songsThatAreDamagedShortOrTwice() throws {
        try song("audio/1.wav", pitch: 300)
        try song("audio/2.wav", pitch: 300)
        try song("audio/3.wav", seconds: 0.5)
        try folder.write("<html>404</html>", to: "data/audio/4.wav")
        try Data([0, 0, 0, 32] + Array("ftypM4A ".utf8) + [UInt8](repeating: 0, count: 64)).write(
            to: URL(fileURLWithPath: data + "/audio/5.wav"))
        try table(Self.header + (1...5).map { "\($0),1,9\n" }.joined())
        let inspection = try inspect(readsSongs: true), lines = lines(inspection)
        #expect(lines.count == 4 && !inspection.isUsable, "\(lines)")
        #expect(lines[0].hasPrefix("error: data/audio/4.wav: the file contains text, not audio"))
        #expect(lines[0].hasSuffix("`on_error: skip` at the `decode` stage leaves the song out."))
        #expect(lines[1].hasPrefix("error: data/audio/5.wav: Whatever its name, the file is an MP4 file"))
        #expect(lines[2].hasPrefix("warning: data/audio/1.wav: the same file byte for byte as data/audio/2.wav."))
        #expect(
            lines[3].hasPrefix(
                "warning: data/audio/3.wav: 1 song is shorter than 3 s; the shortest is this one, 0.50 s."))
        #expect(inspection.lengths?.median == 4 && inspection.lengths?.shortest == 0.5)
        #expect(try self.lines(inspect()) == [], "Only the tables were examined.")
    }

    @Test func deamAsDownloadedNeedsNothing() throws {
        let static0 = "DEAM_Annotations/annotations/annotations averaged per song/song_level"
        _ = try folder.folder("data/" + static0)
        _ = try folder.folder("data/DEAM_audio/MEMD_audio")
        try FileManager.default.removeItem(atPath: data + "/audio")
        try song("DEAM_audio/MEMD_audio/2.wav")
        try table(
            "song_id, valence_mean, arousal_mean\n2,3.1,3\n", static0 + "/static_annotations_averaged_songs_1_2000.csv")
        let inspection = try inspect()
        #expect(inspection.songs == 1 && inspection.settings.isEmpty && inspection.isUsable, "\(inspection)")
    }

    @Test func ignoredNamesAreNotLookedAt() throws {
        try songs(["1.wav", "2.wav"])
        try table(Self.header + "1,1,9\n")
        try table("2.wav\n", ".sentioignore")
        #expect(try inspect().findings.isEmpty)
    }

    @Test func aFolderThatIsNone() throws {
        #expect(
            sentence { _ = try SongDatasetStage.inspect(data + "/x", readsSongs: false, threads: 1) { _, _ in } }
                == "\(data)/x does not exist.")
        try table("", "file")
        #expect(
            sentence { _ = try SongDatasetStage.inspect(data + "/file", readsSongs: false, threads: 1) { _, _ in } }
                .contains("file is not a folder."))
    }

    @Test func anEmptyFolderSaysWhatItNeeds() throws {
        let lines = lines(try inspect())
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("error: data: the dataset ") }, "\(lines)")
    }
}
