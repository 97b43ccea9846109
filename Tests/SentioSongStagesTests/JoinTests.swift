import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

/// How the tables of a dataset and its songs find each other, and what is said where they do not.
@Suite struct JoinTests {
    let harness = StageHarness()
    private static let ratings = "song_id,valence_mean,arousal_mean\n1,3,3\n2,4,4\n3,5,5\n"

    @discardableResult
    private func run(
        _ annotations: String = ratings, audio: [String] = ["1.mp3", "2.mp3", "3.mp3"], metadata: String? = nil
    ) throws -> [String: Manifest] {
        var files = ["audio": audio.map { harness.source($0, "sound \($0)", at: "data/audio/\($0)") }]
        files["annotations"] = [harness.source("annotations.csv", annotations, at: "data/annotations.csv")]
        if let metadata { files["metadata"] = [harness.source("metadata.csv", metadata, at: "data/metadata.csv")] }
        return try harness.run(SongDatasetStage.self, with: ["source": "data"], sourceFiles: files)
    }

    @Test(arguments: [
        ("1.0", "1"), ("001", "1"), ("1.mp3", "1"), (" 1 ", "1"), ("audio/1.WAV", "1"), ("1.00", "1"),
        ("Blues_1", "blues_1"),
        ("blues_1.flac", "BLUES_1"), ("0", "000"), ("pop 00023", "pop_00023"), ("pop-23", "pop_00023"),
        ("blues.00001", "blues 1"),
        ("Track1", "track_01"),
    ])
    func idsThatDifferOnlyInForm(one: String, other: String) {
        #expect(SongForm.form(one) == SongForm.form(other))
        #expect(SongForm([other]).song(like: one) == other)
    }

    @Test(arguments: [
        ("1.5", "1"), ("10", "1"), ("1.0a", "1"), ("1.mp3", "2"), ("a.b", "a"), ("1-0", "10"), ("pop_2", "pop_20"),
    ])
    func idsThatDiffer(one: String, other: String) { #expect(SongForm.form(one) != SongForm.form(other)) }

    @Test func ofTwoSongsThatLookAlikeNeitherIsGuessed() { #expect(SongForm(["1", "01"]).song(like: "1.0") == nil) }

    @Test func ratingsWhoseIdsHaveAnotherFormAreToldSo() {
        let text = sentence { try run("song_id,valence_mean,arousal_mean\n1.0,3,3\n2.0,4,4\n3.0,5,5\n") }
        #expect(
            text
                == "No song of data has both a rating and an audio file. Audio files are named by song_id, such as 12.mp3. `1.0` in data/annotations.csv:2 looks like song `1`, `2.0` in data/annotations.csv:3 looks like song `2`, `3.0` in data/annotations.csv:4 looks like song `3`. The ratings name 1.0, 2.0, 3.0; the songs found are 1, 2, 3."
        )
    }

    @Test func aFewRatingsOfAnotherFormAreNamedInTheWarning() throws {
        try run("song_id,valence_mean,arousal_mean\n1,3,3\n002,4,4\n3,5,5\n")
        #expect(
            harness.services.warnings == [
                "1 song is rated but without an audio file: 002. `002` in data/annotations.csv:3 looks like song `2`. Left out.",
                "1 song is in the audio folder but without a rating: 2. Left out.",
            ])
    }

    @Test func metadataOfWhichNoRowBelongsToASongStops() {
        #expect(
            sentence { try run(metadata: "song_id,artist\n1.0,a\n2.0,b\n") }
                == "No row of data/metadata.csv belongs to a song: it describes 1.0, 2.0, and the songs are 1, 2, 3. `1.0` in data/metadata.csv:2 looks like song `1`, `2.0` in data/metadata.csv:3 looks like song `2`. Correct its song_ids, or remove the table from the dataset."
        )
    }

    @Test func rowsOfNoSongAndSongsWithoutRowAreCounted() throws {
        let outputs = try run(metadata: "song_id,artist,genre\n1,a,x\n2.0,b,y\n77,c,z\n")
        #expect(
            harness.services.warnings == [
                "2 of 3 rows of data/metadata.csv belong to no song and are not used: 2.0, 77. `2.0` in data/metadata.csv:3 looks like song `2`.",
                "2 of 3 songs have no row in data/metadata.csv, so artist, genre are empty there: 2, 3.",
            ])
        #expect(try harness.table(outputs["labels"]!).cell("2", "artist") == "")
    }

    @Test func metadataOfSongsThatAreLeftOutIsNoFault() throws {
        try run(
            "song_id,valence_mean,arousal_mean\n1,3,3\n2,4,4\n9,5,5\n", metadata: "song_id,artist\n1,a\n2,b\n3,c\n9,d\n"
        )
        #expect(
            harness.services.warnings.count == 2 && harness.services.warnings.allSatisfy { $0.hasSuffix("Left out.") })
    }

    @Test func deamsMetadataIsJoinedByTheSameRules() {
        let files = [
            "deam-audio": [harness.source("2.mp3", "two")],
            "deam-1_2000.csv": [harness.source("a.csv", "song_id, valence_mean, arousal_mean\n2,3.1,3\n")],
            "deam-metadata-2013": [harness.source("metadata_2013.csv", "song_id,Artist,Genre\n002,Somebody,Blues\n")],
        ]
        let text = sentence { try harness.run(SongDatasetStage.self, with: ["source": "deam"], sourceFiles: files) }
        #expect(
            text.contains("No row of metadata_2013.csv belongs to a song")
                && text.contains("`002` in metadata_2013.csv:2 looks like song `2`"))
    }

    @Test func semicolonsAreTakenAndSaid() throws {
        let outputs = try run(
            "song_id;valence_mean;arousal_mean\r\n1;3.5;3\r\n2;4;4\r\n3;5;5\r\n",
            metadata: "song_id\tartist\n1\ta, b\n2\tc\n3\tc\n")
        #expect(try harness.table(outputs["labels"]!).cell("1", "valence") == "3.5")
        #expect(try harness.table(outputs["labels"]!).cell("1", "artist") == "a, b")
        #expect(harness.services.lines.contains("data/annotations.csv: the columns are separated by semicolons."))
        #expect(harness.services.lines.contains("data/metadata.csv: the columns are separated by tabs."))
        #expect(
            sentence { try run("song_id;valence_mean;arousal_mean\n1;3,5;3.0\n") }
                == "The ratings cannot be used: data/annotations.csv:2:3: song 1: valence_mean is `3,5`, with a decimal comma; write 3.5. Correct or remove these lines."
        )
    }

    @Test func aTableWithOtherNamesSaysWhichItNeeds() {
        #expect(
            sentence { try run("id;track;v;a\n1;2;3,5;3\n") }
                == "data/annotations.csv:1: there are no columns `song_id`, `valence_mean` and `arousal_mean`. The table has id, track, v, a; a table of ratings needs song_id, valence_mean, arousal_mean. Rename `id` to `song_id`, `v` to `valence_mean` and `a` to `arousal_mean` in the file, or map the columns: `--set 'song-dataset.columns={song_id: id, valence_mean: v, arousal_mean: a}'`."
        )
    }

    @Test func aNulByteIsNeverANumber() {
        for table in ["1\0.5,5", "8.\05,5"] {
            #expect(
                sentence { try run("song_id,valence_mean,arousal_mean\n1,\(table)\n") }.contains(
                    "which holds a NUL byte"))
        }
        #expect(
            sentence { try run(metadata: "song_id,artist\n1,a\0b\n") }.hasPrefix(
                "data/metadata.csv:2:3: song 1: artist is `a\\0b`, which holds a NUL byte"))
    }

    /// Ratings and features are numbers by one rule.
    @Test(arguments: ["0x10", "1\0", "inf", "1e999", "5kg", "1_0"])
    func ratingsAndFeaturesRefuseTheSame(cell: String) {
        let quoted = "\"\(cell)\""
        let rating = sentence { try run("song_id,valence_mean,arousal_mean\n1,\(quoted),3\n") }
        let feature = sentence {
            try harness.run(
                TableDatasetStage.self, with: ["source": "data"],
                sourceFiles: [
                    "features": [harness.source("features.csv", "song_id,x\n1,\(quoted)\n")],
                    "annotations": [harness.source("annotations.csv", Self.ratings)],
                ])
        }
        #expect(rating.contains(":2:3: song 1: valence_mean is \(NumberCell.fault(cell))"), "\(rating)")
        #expect(feature.contains(":2:3: song 1: x is \(NumberCell.fault(cell))"), "\(feature)")
    }
}
