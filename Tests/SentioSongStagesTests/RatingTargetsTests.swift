import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct RatingTargetsTests {
    let harness = StageHarness()

    /// - parameter suffix: of the name of the source, which tells the names of columns.
    private func run(_ ratings: String, _ given: [String: Value], suffix: String = "") throws -> Manifest {
        let files = [
            "features": [harness.source("features.csv", "song_id,x\na,1\nb,2\n", at: "data/features.csv")],
            "annotations" + suffix: [harness.source("annotations.csv", ratings, at: "data/annotations.csv")],
        ]
        let outputs = try harness.run(
            TableDatasetStage.self, with: ["source": "data"].merging(given) { $1 }, sourceFiles: files)
        return outputs["labels"]!
    }

    @Test func threeColumnsHaveTheirOwnScales() throws {
        let labels = try run(
            "song_id,tempo,valence_mean,valence_std,energy\na,90,2,0.5,0.1\nb,180,8,1,0.9\n",
            ["targets": ["valence", ["tempo": [40, 220]], ["energy": [0, 1]]]])
        let table = try harness.table(labels)
        #expect(
            table.columns == ["song_id", "valence", "valence_std", "tempo", "tempo_std", "energy", "energy_std"])
        #expect(table.rows == [["a", "2", "0.5", "90", "", "0.1", ""], ["b", "8", "1", "180", "", "0.9", ""]])
        #expect(labels.attributes["dimensions"] == ["valence", "tempo", "energy"] && labels.attributes["scale"] == nil)
        #expect(
            try LabelTable.scales(labels.attributes, port: TableDatasetStage.testPort) == [1...9, 40...220, 0...1])
        #expect(
            sentence { _ = try LabelTable.scale(labels.attributes, port: TableDatasetStage.testPort) }
                == "The labels on `labels` have a scale for each of valence, tempo and energy, and this kind needs one "
                + "scale for all. Give the dataset stage `targets` without scales, and their common `scale`.")
    }

    @Test func targetsOfOneScaleAreLabelsAsBefore() throws {
        let ratings = "song_id,valence_mean,arousal_mean\na,2,3\nb,8,7\n"
        let labels = try run(ratings, ["targets": ["valence", "arousal"]])
        #expect(try labels.attributes == run(ratings, [:]).attributes)
        #expect(labels.attributes["scale"] == [.double(1), .double(9)])
        let one = try run("song_id,energy\na,0.25\nb,0.5\n", ["targets": "energy", "scale": [0, 1]])
        #expect(one.attributes["dimensions"] == ["energy"] && one.attributes["scale"] == [.double(0), .double(1)])
    }

    /// A mapped name goes before the column's own.
    @Test func columnsAreMappedByEitherName() throws {
        let ratings = "song_id,tempo,bpm\na,1,90\nb,1,100\n"
        for name in ["tempo", "tempo_mean"] {
            let labels = try run(
                ratings, ["targets": [["tempo": [40, 220]]], "rating_columns": .map([name: "bpm"])],
                suffix: " (\(name)=bpm)")
            #expect(try harness.table(labels).cell("a", "tempo") == "90")
        }
    }

    @Test func aValueIsCheckedAgainstItsOwnScale() {
        let text = sentence {
            _ = try run(
                "song_id,tempo,valence\na,90,90\nb,100,5\n", ["targets": ["valence", ["tempo": [40, 220]]]])
        }
        #expect(text.contains("song a: valence is 90, outside the scale from 1 to 9"))
        #expect(!text.contains("tempo is"))
    }

    @Test func aMissingColumnIsNamedAsItWasGiven() {
        let text = sentence { _ = try run("song_id,pace\na,90\nb,100\n", ["targets": [["bpm": [40, 220]]]]) }
        #expect(text.contains("there is no column `bpm`"))
    }

    @Test func targetsThatCannotBeAreRefused() {
        func problem(_ targets: Value, _ more: [String: Value] = [:]) -> String {
            sentence {
                _ = try TableDatasetStage(
                    try Configuration(
                        TableDatasetStage.parameters, given: more.merging(["targets": targets]) { $1 }))
            }
        }
        #expect(problem(["a", "a"]) == "`targets`: name each column only once.")
        #expect(
            problem(["a", "b"], ["dimensions": ["a"]]) == "`targets`: give `targets` or `dimensions`, not both.")
        #expect(problem(.list((0..<17).map { .string("t\($0)") })).hasPrefix("`targets`: name at most 16 columns"))
        #expect(problem(["mean"]).contains("cannot be called `mean`"))
        #expect(problem(["a", "a_std"]).contains("cannot be a target beside `a`"))
        #expect(problem([["a": [9, 1]]]).contains("must be a list of columns"))
        #expect(problem([["a": [1, 9], "b": [1, 9]]]).contains("must be a list of columns"))
    }

    /// Results of datasets without `targets` stay in the cache.
    @Test func theKeyHoldsTargetsOnlyIfGiven() throws {
        let without = try Configuration(SongDatasetStage.parameters, given: ["source": "x"])
        #expect(without.identity["targets"] == nil && without.identity["dimensions"] != nil)
        let with = try Configuration(
            SongDatasetStage.parameters, given: ["source": "x", "targets": [["tempo": [40, 220]]]])
        #expect(with.identity["targets"] == [["tempo": [.double(40), .double(220)]]])
    }
}

extension TableDatasetStage {
    fileprivate static var testPort: InputPort { InputPort("labels", .labels) }
}
