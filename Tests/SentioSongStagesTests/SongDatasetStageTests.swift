import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct SongDatasetStageTests {
    let harness = StageHarness()
    static let header = "song_id, valence_mean, valence_std, arousal_mean, arousal_std\n"

    func run(
        _ annotations: String, audio: [String] = ["3.mp3", "4.mp3", "blues_1.flac"], metadata: String? = nil,
        with given: [String: Value] = [:]
    ) throws -> [String: Manifest] {
        var files = ["audio": audio.map { harness.source($0, "sound \($0)", at: "data/audio/\($0)") }]
        files["annotations"] = [harness.source("annotations.csv", annotations, at: "data/annotations.csv")]
        if let metadata { files["metadata"] = [harness.source("metadata.csv", metadata, at: "data/metadata.csv")] }
        return try harness.run(
            SongDatasetStage.self, with: given.merging(["source": "data"]) { given, _ in given }, sourceFiles: files)
    }

    @Test func readsAFolderWithSpacesInTheHeaderAndIdsThatAreWords() throws {
        let outputs = try run(
            Self.header + "blues_1,6.04,0,7.32,0\r\n4,5.7,1.42,5.5,1.63\n3,3.5,1.75,3.3,1.62\n",
            metadata: "song_id,artist,genre\n3,\"MacLeod, Kevin\",Blues\nblues_1,,Blues\n")
        let table = try harness.table(outputs["labels"]!)
        #expect(table.columns == ["song_id", "valence", "valence_std", "arousal", "arousal_std", "artist", "genre"])
        #expect(
            table.rows == [
                ["3", "3.5", "1.75", "3.3", "1.62", "MacLeod, Kevin", "Blues"],
                ["4", "5.7", "1.42", "5.5", "1.63", "", ""],
                ["blues_1", "6.04", "0", "7.32", "0", "", "Blues"],
            ])
        #expect(outputs["labels"]?.attributes["scale"] == [.double(1), .double(9)])
        let audio = try #require(outputs["audio"])
        #expect(audio.entries.map(\.file) == ["3.mp3", "4.mp3", "blues_1.flac"])
        #expect(audio.entries.allSatisfy { $0.sources == [$0.blob.hash] })
        for entry in audio.entries { #expect(outputs["labels"]?.row(entry.id)?.sources == entry.sources) }
        #expect(
            harness.services.warnings == [
                "1 of 3 songs has no row in data/metadata.csv, so artist, genre are empty there: 4."
            ])
        #expect(harness.services.metrics["songs"] == 3)
    }

    @Test func theOrderOfTheFileDoesNotMatter() throws {
        let one = try run(Self.header + "3,3,1,3,1\n4,4,1,4,1\n", audio: ["3.mp3", "4.mp3"])
        let other = try run(Self.header + "4,4,1,4,1\n3,3,1,3,1\n", audio: ["4.mp3", "3.mp3"])
        #expect(one["labels"] == other["labels"] && one["audio"] == other["audio"])
    }

    @Test func limitTakesTheFirstOfTheFile() throws {
        let outputs = try run(Self.header + "4,4,1,4,1\n3,3,1,3,1\nblues_1,5,1,5,1\n", with: ["limit": 2])
        #expect(outputs["audio"]?.entries.map(\.id) == ["3", "4"])
    }

    @Test func whatIsMissingIsNamedOrStops() throws {
        let annotations = Self.header + "3,3,1,3,1\n99,4,1,4,1\n"
        let outputs = try run(annotations)
        #expect(outputs["audio"]?.entries.map(\.id) == ["3"])
        #expect(
            harness.services.warnings == [
                "1 song is rated but without an audio file: 99. Left out.",
                "2 songs are in the audio folder but without a rating: 4, blues_1. Left out.",
            ])
        #expect(
            sentence { _ = try run(annotations, with: ["missing": "error"]) }
                == "1 song is rated but without an audio file: 99.\n2 songs are in the audio folder but without a rating: 4, blues_1. Complete the dataset data, or leave such songs out with `missing: skip`."
        )
        #expect(
            sentence { _ = try run(Self.header + "99,4,1,4,1\n") }.hasPrefix(
                "No song of data has both a rating and an audio file."))
    }

    @Test(arguments: [
        ("3,nan,1,3,1", "data/annotations.csv:2:3: song 3: valence_mean is `nan`, not a number"),
        ("3,,1,3,1", "data/annotations.csv:2:3: song 3: valence_mean is empty"),
        ("3,5,1,loud,1", "data/annotations.csv:2:7: song 3: arousal_mean is `loud`, not a number"),
        ("3,5,1,9.5,1", "data/annotations.csv:2:7: song 3: arousal_mean is 9.5, outside the scale from 1 to 9"),
        ("3,5,-1,5,1", "data/annotations.csv:2:5: song 3: valence_std is `-1`, not a number of 0 or more"),
        (
            "3,5,1,5,1\n4,5,1,5,1\n3,5,1,5,1",
            "data/annotations.csv:4:1: song 3 is rated a second time (first in line 2)"
        ),
        (
            "../3,5,1,5,1",
            "data/annotations.csv:2:1: the song_id `../3` could name another folder; an id is a number or a word"
        ),
        ("a\u{7}b,5,1,5,1", "data/annotations.csv:2:1: the song_id contains a control character"),
        (",5,1,5,1", "data/annotations.csv:2:1: the song_id is empty"),
    ])
    func badRatingsAreNamed(_ rows: String, _ problem: String) {
        #expect(
            sentence { _ = try run(Self.header + rows + "\n") }
                == "The ratings cannot be used: \(problem). Correct or remove these lines.")
    }

    @Test func allProblemsAreToldAtOnce() {
        #expect(
            sentence { _ = try run(Self.header + "3,nan,1,12,1\n4,,1,4,1\n", metadata: "song_id,artist\n3,a\n3,b\n") }
                == """
                The dataset cannot be used:
                  data/annotations.csv
                    2:3: song 3: valence_mean is `nan`, not a number
                    2:9: song 3: arousal_mean is 12, outside the scale from 1 to 9
                    3:3: song 4: valence_mean is empty
                    Correct or remove these lines.
                  data/metadata.csv:3:1: song 3 is listed a second time (first in line 2).
                """)
    }

    @Test func whatAColumnHasInCommonIsOneLineWithItsCure() {
        let rows = (1...40).map { "\($0);\($0 % 9),5;1;5.0;1\n" }.joined()
        #expect(
            sentence { _ = try run(Self.header.replacing(",", with: ";") + rows) }
                == "The ratings cannot be used: data/annotations.csv:2:3: valence_mean uses decimal commas in all 40 rows, such as `1,5`; write 1.5. Correct or remove these lines."
        )
    }

    @Test func ratingsOnAnotherScaleNameTheLineToWrite() {
        let rows = (1...40).map { "\($0),\(Double($0) / 40),1,\(-Double($0) / 40),1\n" }.joined()
        #expect(
            sentence { _ = try run(Self.header + rows, audio: ["a 1.mp3", "a 2.mp3"]) } == """
                The dataset cannot be used:
                  data/annotations.csv
                    2:3: valence_mean is outside the scale in 39 of 40 rows, such as 0.025; the scale is from 1 to 9
                    2:11: arousal_mean is outside the scale in all 40 rows, such as -0.025; the scale is from 1 to 9
                    The ratings range from -1 to 1. If they use another scale, set it: `--set 'song-dataset.scale=[-1, 1]'`.
                  No song of data has both a rating and an audio file. Audio files are named by song_id, such as 12.mp3. The ratings name 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 30 more; the songs found are a 1, a 2.
                """)
    }

    @Test(arguments: [
        (0.1, 0.9, 0.0, 1.0), (-0.5, 0.9, -1, 1), (2, 7, 1, 7), (0, 9.5, 0, 10), (3, 97, 0, 100),
        (-2000, 12.5, -2000, 13),
    ])
    func theLikelyScale(low: Double, high: Double, from: Double, to: Double) {
        #expect(RatingParameters.likelyScale(low, high) == from...to)
    }

    @Test func badTablesAreNamed() {
        #expect(
            sentence { _ = try run(Self.header + "3,5,1,5\n") }
                == "The ratings cannot be used: data/annotations.csv:2:7: song 3: 4 cells where the header has 5. Correct or remove these lines."
        )
        #expect(
            sentence { _ = try run("song_id,valence_mean\n3,5\n") }
                == "data/annotations.csv:1: there is no column `arousal_mean`. The table has song_id, valence_mean; a table of ratings needs song_id, valence_mean, arousal_mean."
        )
        #expect(
            sentence { _ = try run("") }
                == "data/annotations.csv:1: the table is empty; its first line must name the columns.")
        #expect(
            sentence { _ = try run("3,5,5\n4,5,5\n") }.hasPrefix(
                "data/annotations.csv:1: the first line holds numbers; it must name"))
        let good = Self.header + "3,5,1,5,1\n"
        #expect(
            sentence { _ = try run(good, metadata: "song_id,artist\n3,a\n3,b\n") }
                == "data/metadata.csv:3:1: song 3 is listed a second time (first in line 2).")
        #expect(
            sentence { _ = try run(good, metadata: "song_id,valence,,arousal\n3,a,,b\n") } == """
                The dataset cannot be used:
                  data/metadata.csv
                    1:9: the column `valence` has the name of a rating. Rename it
                    1:17: column 3 has no name
                    1:18: the column `arousal` has the name of a rating. Rename it
                """)
    }

    /// What a researcher's own table is called, and how it is read as it is.
    @Test(arguments: [
        ("id,valence,arousal", "{song_id: id, valence_mean: valence, arousal_mean: arousal}"),
        ("ID,v,a", "{song_id: ID, valence_mean: v, arousal_mean: a}"),
        ("Song ID,Valence_Mean,arousal", "{song_id: Song ID, valence_mean: Valence_Mean, arousal_mean: arousal}"),
        ("song_id,mean valence,\"Arousal: mean\"", "{valence_mean: mean valence, arousal_mean: \"Arousal: mean\"}"),
    ])
    func columnsOfOtherNamesAreReadAndSaid(header: String, columns: String) throws {
        let outputs = try run(header + "\n3,3.5,4\n4,5,6\n", audio: ["3.mp3", "4.mp3"])
        #expect(try harness.table(outputs["labels"]!).rows == [["3", "3.5", "", "4", ""], ["4", "5", "", "6", ""]])
        let warnings = harness.services.warnings
        #expect(warnings.count == 1 && warnings[0].hasPrefix("data/annotations.csv:1: the table is read with `"))
        #expect(warnings[0].hasSuffix("map them: `--set 'song-dataset.columns=\(columns)'`."), "\(warnings)")
    }

    @Test func columnsGiveOtherNames() throws {
        let names: Value = ["song_id": "id", "valence_mean": "v", "arousal_mean": "a", "valence_std": "s"]
        let files = [
            "audio": [harness.source("3.mp3", "three")],
            "annotations (arousal_mean=a, song_id=id, valence_mean=v, valence_std=s)": [
                harness.source("annotations.csv", "id,v,s,a,valence_mean\n3,3.5,1.5,4,x\n")
            ],
            "metadata": [harness.source("metadata.csv", "artist,id\nSomebody,3\n")],
        ]
        let outputs = try harness.run(
            SongDatasetStage.self, with: ["source": "data", "columns": names], sourceFiles: files)
        let table = try harness.table(outputs["labels"]!)
        #expect(table.columns == ["song_id", "valence", "valence_std", "arousal", "arousal_std", "artist"])
        #expect(table.rows == [["3", "3.5", "1.5", "4", "", "Somebody"]])
        #expect(
            sentence {
                _ = try run(Self.header + "3,5,1,5,1\n", with: ["columns": ["valence_mean": "v"]])
            }.hasPrefix("The dataset data has no ratings"), "the names are in those of the sources")
    }

    @Test func namesThatTheTableLacksAreTold() throws {
        let stage = try SongDatasetStage(
            try Configuration(
                SongDatasetStage.parameters,
                given: ["source": "data", "columns": ["song_id": "nr", "valence_std": "sd"]]))
        let name = try #require(stage.sources.first { $0.path == "data/annotations.csv" }?.name)
        let text = sentence {
            try harness.run(
                SongDatasetStage.self, with: ["source": "data", "columns": ["song_id": "nr", "valence_std": "sd"]],
                sourceFiles: [
                    name: [harness.source("annotations.csv", Self.header + "3,5,1,5,1\n")],
                    "audio": [harness.source("3.mp3", "")],
                ])
        }
        #expect(
            text.hasPrefix(
                "annotations.csv:1: there are no columns `nr` (given in `columns` for `song_id`) and `sd` (given in `columns` for `valence_std`)."
            ), "\(text)")
    }

    /// A parameter of the key would have changed the key of every older result.
    @Test func columnsAreInTheKeyOnlyWhereTheyAreGiven() throws {
        func key(_ given: [String: Value]) throws -> ([String: Value], [String]) {
            let configuration = try Configuration(
                SongDatasetStage.parameters, given: given.merging(["source": "x"]) { $1 })
            return (configuration.identity, try SongDatasetStage(configuration).sources.map(\.name))
        }
        let plain = try key([:]), same = try key(["columns": [:]]), named = try key(["columns": ["song_id": "id"]])
        #expect(plain.0.keys.sorted() == ["demo_songs", "dimensions", "limit", "missing", "scale"])
        #expect(plain == same && plain.0 == named.0 && plain.1 != named.1)
        #expect(named.1.filter { $0.hasSuffix(" (song_id=id)") }.count == 5, "the ratings of every layout")
    }

    @Test func dimensionsOfOtherNamesAreNamed() {
        #expect(
            sentence { _ = try run("id,v_mean,a_mean\n3,4,5\n") }
                == "data/annotations.csv:1: there are no columns `song_id`, `valence_mean` and `arousal_mean`. The table has id, v_mean, a_mean; a table of ratings needs song_id, valence_mean, arousal_mean. Rename `id` to `song_id` in the file, or map the columns: `--set 'song-dataset.columns={song_id: id}'`. If the songs are rated in other dimensions, name them: `--set 'song-dataset.dimensions=[v, a]'`."
        )
    }

    /// One run tells all that is wrong with a folder.
    @Test func allFaultsOfAFolderAreToldTogether() throws {
        let folder = try TemporaryFolder()
        _ = try folder.folder("data/audio")
        for name in ["1.mp3", "2.wav"] { try folder.write("x", to: "data/" + name) }
        try folder.write("x", to: "data/ratings.csv")
        let text = sentence { try harness.run(SongDatasetStage.self, with: ["source": "data"], directory: folder.path) }
        #expect(
            text.hasPrefix(
                "The dataset cannot be used:\n  The dataset data has no ratings: neither annotations.csv nor DEAM's"))
        #expect(
            text.contains(
                "1_2000.csv exists. There is a ratings.csv; if that is the table, rename it to annotations.csv."))
        #expect(
            text.hasSuffix(
                "is in its folder audio/. There are 2 audio files in data itself, such as 1.mp3; move them into audio/."
            ),
            "\(text)")
    }

    @Test func songsInAnotherFolderAndOfAnotherFormatAreSeen() throws {
        let folder = try TemporaryFolder(),
            annotations = ["annotations": [harness.source("annotations.csv", Self.header + "3,5,1,5,1\n")]]
        func text() -> String {
            sentence {
                try harness.run(
                    SongDatasetStage.self, with: ["source": "data"], sourceFiles: annotations, directory: folder.path)
            }
        }
        _ = try folder.folder("data/clips")
        try folder.write("x", to: "data/clips/3.flac")
        #expect(
            text().hasSuffix(
                "is in its folder audio/. There is 1 audio file in its folder clips/; rename that folder to audio/."),
            "\(text())")
        _ = try folder.folder("data/audio")
        try folder.write("x", to: "data/audio/3.m4a")
        #expect(
            text().hasSuffix(
                "is in its folder audio/. 3.m4a is there, but M4A is not supported. Convert it: `ffmpeg -i 'data/audio/3.m4a' 'data/audio/3.flac'`."
            ),
            "\(text())")
        try folder.write("x", to: "data/audio/4.aac")
        #expect(
            text().hasSuffix(
                "2 files such as 3.m4a are there, but AAC, M4A are not supported. Convert them: `for f in 'data/audio/'*.aac 'data/audio/'*.m4a; do ffmpeg -i \"$f\" \"${f%.*}.flac\"; done`."
            ), "\(text())")
    }

    @Test func ratedSongsOfAFormatThatIsNotReadAreNamed() throws {
        let folder = try TemporaryFolder()
        _ = try folder.folder("data/audio")
        for id in [3, 4, 5] { try folder.write("x", to: "data/audio/\(id).m4a") }
        let files = [
            "annotations": [harness.source("annotations.csv", Self.header + "2,5,1,5,1\n3,5,1,5,1\n")],
            "audio": [harness.source("2.mp3", "two")],
        ]
        try harness.run(SongDatasetStage.self, with: ["source": "data"], sourceFiles: files, directory: folder.path)
        #expect(
            harness.services.warnings == [
                "1 song is rated but without an audio file: 3. 3.m4a is there, but M4A is not supported. Convert it: `ffmpeg -i 'data/audio/3.m4a' 'data/audio/3.flac'`. Left out."
            ])
    }

    @Test func twoFilesOfOneSongAreRefused() {
        #expect(
            sentence { _ = try run(Self.header + "3,5,1,5,1\n", audio: ["3.mp3", "3.wav"]) }
                == "Song 3 has two audio files, data/audio/3.mp3 and data/audio/3.wav. Remove one of them."
        )
    }

    @Test func deamAsDownloaded() throws {
        let files = [
            "deam-audio": [
                harness.source("2.mp3", "two"), harness.source("1005.mp3", "1005"), harness.source("2001.mp3", "2001"),
            ],
            "deam-1_2000.csv": [harness.source("a.csv", Self.header + "2,3.1,0.94,3,0.63\n1005,5,1,6,1\n")],
            "deam-2000_2058.csv": [
                harness.source(
                    "b.csv",
                    "song_id, valence_mean, valence_std, valence_ max_mean, valence_max_std, arousal_mean, arousal_std\n2001,4.8,1,5,1,6.2,1\n"
                )
            ],
            "deam-metadata-2013": [
                harness.source(
                    "metadata_2013.csv",
                    "song_id,file_name,Artist,Song title,start of the segment (min.sec),end of the segment (min.sec),Genre\n2,2.mp3,\tThe New Mystikal Troubadours\t,\tx,1.22,2.07,Blues\t\n"
                )
            ],
            "deam-metadata-2014": [
                harness.source(
                    "metadata_2014.csv",
                    "Id,Artist,Album,Track,Genre,segment start,segment end,last.fm labels\n1005,Some Band,\"A, B\",T,Rock,1,2,tag,tag,tag,tag\n"
                )
            ],
            "deam-metadata-2015": [harness.source("metadata_2015.csv", "what,is,this\n1,2,3\n")],
        ]
        let outputs = try harness.run(SongDatasetStage.self, with: ["source": "deam"], sourceFiles: files)
        #expect(
            try harness.table(outputs["labels"]!).rows == [
                ["1005", "5", "1", "6", "1", "Some Band", "Rock"],
                ["2", "3.1", "0.94", "3", "0.63", "The New Mystikal Troubadours", "Blues"],
                ["2001", "4.8", "1", "6.2", "1", "", ""],
            ])
        #expect(
            harness.services.warnings.count == 2
                && harness.services.warnings[1].hasPrefix("1 of 3 songs has no row in metadata_2013.csv"))
        #expect(harness.services.warnings[0].hasPrefix("metadata_2015.csv has no column of song ids"))
    }

    @Test func aFolderWithoutALayoutSaysWhatIsExpected() {
        #expect(
            sentence { try harness.run(SongDatasetStage.self, with: ["source": "x"]) }.hasPrefix(
                "The dataset cannot be used:\n  The dataset x has no ratings: neither annotations.csv nor"))
        let annotations = ["annotations": [harness.source("annotations.csv", Self.header)]]
        #expect(
            sentence { try harness.run(SongDatasetStage.self, with: ["source": "x"], sourceFiles: annotations) }
                .hasPrefix(
                    "The dataset x has no songs: no aif, aifc, aiff,"))
    }

    @Test func asksForTheFolderAndItsParts() throws {
        let stage = try SongDatasetStage(try Configuration(SongDatasetStage.parameters, given: ["source": "../data"]))
        #expect(stage.sources.filter { !$0.isOptional }.map(\.path) == ["../data"])
        #expect(stage.sources.contains { $0.path == "../data/DEAM_audio/MEMD_audio" } && !stage.drawsRandomNumbers)
        let configuration = try Configuration(SongDatasetStage.parameters, given: ["source": "../data"])
        #expect(configuration.identity["source"] == nil, "Where a dataset lies must not change what it is.")
    }

    @Test func demoSongsAreRealMP3AndDoNotDependOnTheirNumber() throws {
        let four = try harness.run(SongDatasetStage.self, with: ["source": "demo", "demo_songs": 4])
        let five = try harness.run(SongDatasetStage.self, with: ["source": "demo", "demo_songs": 5], seed: 99)
        let audio = try #require(four["audio"])
        #expect(audio.entries.count == 4 && audio.entries.allSatisfy { $0.file.hasSuffix(".mp3") })
        #expect(audio.entries == Array(try #require(five["audio"]).entries.prefix(4)))
        #expect(try harness.store.read(audio.entries[0].blob).count > 10_000)
        let table = try harness.table(four["labels"]!)
        #expect(table.columns == ["song_id", "valence", "valence_std", "arousal", "arousal_std", "artist", "genre"])
        #expect(four["labels"]?.rows.map(\.sources) == audio.entries.map(\.sources))
    }
}
