import SentioKit
@testable import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@Suite struct TableDatasetStageTests {
    let harness = StageHarness()
    static let ratings =
        "song_id, valence_mean, valence_std, arousal_mean, arousal_std\n3,3.5,1.75,3.3,1.62\nb,5.7,1.42,5.5,1.63\n"

    @discardableResult
    func run(_ features: String, ratings: String = ratings, metadata: String? = nil, with given: [String: Value] = [:])
        throws -> [String:
        Manifest]
    {
        var files = [
            "features": [harness.source("features.csv", features, at: "data/features.csv")],
            "annotations": [harness.source("annotations.csv", ratings, at: "data/annotations.csv")],
        ]
        if let metadata { files["metadata"] = [harness.source("metadata.csv", metadata, at: "data/metadata.csv")] }
        return try harness.run(
            TableDatasetStage.self, with: ["source": "data"].merging(given) { $1 }, sourceFiles: files)
    }

    @Test func readsFeaturesRatingsAndMetadata() throws {
        let outputs = try run(
            "\u{FEFF}song_id,x,\"y[0]\"\r\nb,1,\r\n3,0.30000000000000004,NaN\r\n",
            metadata: "song_id,artist\n3,\"MacLeod, Kevin\"\n")
        let features = try harness.table(outputs["features"]!)
        #expect(
            features.columns == ["song_id", "x", "y[0]"]
                && features.rows == [["3", "0.30000000000000004", ""], ["b", "1.0", ""]])
        #expect(outputs["features"]?.attributes["columns"] == ["x", "y[0]"])
        let labels = try harness.table(outputs["labels"]!)
        #expect(labels.columns == ["song_id", "valence", "valence_std", "arousal", "arousal_std", "artist"])
        #expect(
            labels.cell("3", "artist") == "MacLeod, Kevin" && labels.cell("b", "artist") == ""
                && labels.cell("b", "valence") == "5.7")
        #expect(outputs["labels"]?.attributes["scale"] == [.double(1), .double(9)])
        for id in ["3", "b"] {
            #expect(outputs["features"]?.row(id)?.sources == outputs["labels"]?.row(id)?.sources)
            #expect(outputs["features"]?.row(id)?.sources.count == 1)
        }
        #expect(outputs["features"]?.lineage.isEmpty == true)
        #expect(
            harness.services.warnings == ["1 of 2 songs has no row in data/metadata.csv, so artist is empty there: b."])
    }

    @Test func neitherOrderNorSpellingMatters() throws {
        let one = try run("song_id,x,y\n3,1,0.5\nb,2,-0\n"),
            other = try run("song_id,x,y\r\nb, 2.0 ,0\r\n3,1e0,5e-1\r\n")
        #expect(one["labels"] == other["labels"])
        #expect(one["features"]?.row("b")?.sources == other["features"]?.row("b")?.sources)
    }

    @Test func equalRowsAreOneRecording() throws {
        let outputs = try run("song_id,x,y\n3,1,2\nb,1.0,2\n")
        #expect(outputs["features"]?.row("3")?.sources == outputs["features"]?.row("b")?.sources)
        #expect(
            harness.services.warnings == [
                "2 songs have the same features as another song and count as the same recording: 3 = b."
            ])
        let split = try harness.table(
            try harness.run(
                SplitStage.self, with: ["test": 0, "validation": 0], inputs: ["labels": outputs["labels"]!])["split"]!)
        #expect(split.cell("3", "group") == split.cell("b", "group"))
    }

    @Test func whatIsMissingIsNamedOrStops() throws {
        let outputs = try run("song_id,x\n3,1\nz,2\n")
        #expect(outputs["features"]?.rows.map(\.id) == ["3"])
        #expect(
            harness.services.warnings == [
                "1 song is rated but without features: b. Left out.",
                "1 song is in data/features.csv but without a rating: z. Left out.",
            ])
        #expect(
            sentence { try run("song_id,x\n3,1\n", with: ["missing": "error"]) }.hasPrefix(
                "1 song is rated but without features: b. Complete"))
        #expect(
            sentence { try run("song_id,x\nq,1\n") }
                == "No song_id of data/features.csv is rated in data/annotations.csv. The ratings name 3, b; the songs found are q."
        )
    }

    @Test func columnsAreChosenByPattern() throws {
        func columns(_ given: [String: Value]) throws -> Value? {
            try run("song_id,a_mean,a_std,name,b[1]_mean\n3,1,2,text,3\nb,4,5,,6\n", with: given)["features"]?
                .attributes["columns"]
        }
        #expect(try columns(["exclude": "name"]) == ["a_mean", "a_std", "b[1]_mean"])
        #expect(try columns(["columns": "*_mean"]) == ["a_mean", "b[1]_mean"])
        #expect(try columns(["columns": ["a_*", "b[?]_mean"], "exclude": ["*_std"]]) == ["a_mean", "b[1]_mean"])
        #expect(
            sentence { _ = try columns(["columns": "a_maen"]) }
                == "No column of data/features.csv matches `a_maen` in `columns`. Did you mean `a_mean`?")
        #expect(sentence { _ = try columns(["exclude": "*"]) }.contains("no column of numbers"))
        #expect(
            sentence { _ = try columns([:]) }.contains("data/features.csv:2:7: song 3: name is `text`, not a number"))
        let stars = String(repeating: "*a", count: 50) + "b"
        #expect(ColumnPatterns.matches(String(repeating: "a", count: 2000), stars) == false)
    }

    @Test(arguments: [
        ("", "data/features.csv:1: the table is empty"),
        ("id;x\n3;1\n", "there is no column `song_id`; the table has id, x"),
        ("3,1,2\nb,3,4\n", "the first line holds numbers"),
        ("song_id,x,x\n3,1,2\n", "the header has the column `x` twice"),
        ("song_id,x\n3,1\n3,2\n", "data/features.csv:3:1: song 3 is listed a second time (first in line 2)"),
        ("song_id,x\n3,1\nb,inf\n", "data/features.csv:3:3: song b: x is `inf`, not a finite number"),
        ("song_id,x\n3,1,1\n", "data/features.csv:2:5: song 3: 3 cells where the header has 2"),
        ("song_id,x\n../3,1\n", "data/features.csv:2:1: the song_id `../3` could name another folder"),
    ])
    func badTablesAreSentences(_ text: String, _ mention: String) {
        let problem = sentence { try run(text) }
        #expect(problem.contains(mention), "\(problem)")
    }

    @Test func columnsOfTextNameTheLineThatLeavesThemOut() {
        #expect(
            sentence { try run("song_id,x,mood,y[0]\n3,1,happy,a\nb,2,sad,b\nc,3,fair,c\n", with: ["exclude": "x*"]) }
                == """
                The dataset cannot be used:
                  data/features.csv
                    2:5: mood contains text in all 3 rows, such as `happy`
                    2:11: y[0] contains text in all 3 rows, such as `a`
                    Leave out text columns: `--set 'table-dataset.exclude=["x*", mood, "y[0]"]'`.
                    Correct these lines; an empty cell is a missing value.
                """)
        #expect(
            sentence { try run("song_id,x\n3,1\nb,0x1\n") }.hasSuffix(
                "Correct these lines; an empty cell is a missing value."))
    }

    @Test func allFaultsOfAllTablesAreToldTogether() {
        #expect(
            sentence {
                try run(
                    "song_id,x\n3,1\nb,inf\nb,1\n", ratings: "song_id,valence_mean,arousal_mean\n3,0,5\nb,5\n",
                    metadata: "song_id,artist\n3,a\n3,a\n", with: ["exclude": ["z", "zz"]])
            } == """
                The dataset cannot be used:
                  No column of data/features.csv matches `z` in `exclude`. Did you mean `x`?
                  No column of data/features.csv matches `zz` in `exclude`.
                  data/features.csv
                    3:3: song b: x is `inf`, not a finite number
                    4:1: song b is listed a second time (first in line 3)
                    Correct these lines; an empty cell is a missing value.
                  data/annotations.csv
                    2:3: song 3: valence_mean is 0, outside the scale from 1 to 9
                    3:3: song b: 2 cells where the header has 3
                    Correct or remove these lines.
                  data/metadata.csv:3:1: song 3 is listed a second time (first in line 2).
                """)
    }

    @Test func tablesMayNameTheirColumnsThemselves() throws {
        #expect(
            sentence { try run("id,x\n3,1\nb,2\n") }
                == "data/features.csv:1: there is no column `song_id`; the table has id, x. Rename `id` to `song_id` in the file, or write `--set 'table-dataset.rating_columns={song_id: id}'`."
        )
        let files = [
            "features": [harness.source("features.csv", "x,id\n1,3\n2,b\n")],
            "annotations (arousal_mean=a, song_id=id, valence_mean=v)": [
                harness.source("annotations.csv", "id,v,a\n3,2,3\nb,4,5\n")
            ],
            "metadata": [harness.source("metadata.csv", "song_id,id,artist\n3,x,A\nb,y,B\n")],
        ]
        let outputs = try harness.run(
            TableDatasetStage.self,
            with: ["rating_columns": ["song_id": "id", "valence_mean": "v", "arousal_mean": "a"]],
            sourceFiles: files)
        #expect(try harness.table(outputs["features"]!).rows == [["3", "1.0"], ["b", "2.0"]])
        let labels = try harness.table(outputs["labels"]!)
        #expect(labels.columns == ["song_id", "valence", "valence_std", "arousal", "arousal_std", "id", "artist"])
        #expect(labels.cell("b", "arousal") == "5" && labels.cell("b", "artist") == "B")
        let configuration = try Configuration(TableDatasetStage.parameters)
        #expect(configuration.identity["rating_columns"] == nil && configuration.identity["columns"] == [])
        #expect(try TableDatasetStage(configuration).sources.map(\.name) == ["features", "annotations", "metadata"])
    }

    @Test func filesAreFoundInAFolderOrByName() throws {
        func sources(_ given: [String: Value]) throws -> [SourceRequest] {
            try TableDatasetStage(try Configuration(TableDatasetStage.parameters, given: given)).sources
        }
        #expect(try sources([:]).map(\.path) == ["features.csv", "annotations.csv", "metadata.csv"])
        #expect(try sources(["features": "f.csv", "annotations": "a.csv"]).map(\.path) == ["f.csv", "a.csv"])
        let mixed = try sources(["source": "d/", "features": "f.csv"])
        #expect(mixed.map(\.path) == ["f.csv", "d/annotations.csv", "d/metadata.csv"])
        #expect(mixed.map(\.isOptional) == [false, false, true])
        #expect(try sources(["source": "d", "metadata": "m.csv"]).map(\.isOptional) == [false, false, false])
    }
}
