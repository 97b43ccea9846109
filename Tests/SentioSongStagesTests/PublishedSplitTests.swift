import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct PublishedSplitTests {
    let harness = StageHarness()

    /// Labels of the toy study whose artist column says the set.
    func run(
        _ set: (Int) -> String, with given: [String: Value] = [:], source: (String) -> ContentHash = StageHarness.song
    ) throws -> Table {
        let study = try ToyStudy(harness, count: 12, source: StageHarness.song)
        var labels = study.labels
        var table = try harness.table(labels)
        table.columns.append("published")
        table.rows = table.rows.enumerated().map { $1 + [set($0)] }
        labels.entries[0].blob = harness.store.write(Array(table.csv.utf8))
        labels.rows = labels.rows.map { Manifest.Row(id: $0.id, sources: [source($0.id)]) }
        let output = try harness.run(
            SplitStage.self, with: ["column": "published"].merging(given) { $1 }, inputs: ["labels": labels])
        return try harness.table(output["split"]!)
    }
    static func thirds(_ index: Int) -> String { ["train", "validation", "test"][index / 2 % 3] }

    @Test func theSetsAreThoseOfTheColumn() throws {
        let table = try run(Self.thirds, with: ["group": "artist"])
        #expect(table.rows.map { $0[1] } == (0..<12).map(Self.thirds))
        #expect(harness.services.metrics["songs.test"] == 4 && harness.services.warnings.isEmpty)
        let stage = try SplitStage(try Configuration(SplitStage.parameters, given: ["column": "published"]))
        #expect(stage.drawsRandomNumbers == false)
    }

    @Test func tornArtistsAreToldOf() throws {
        _ = try run({ $0 % 2 == 0 ? "train" : "test" }, with: ["group": "artist"])
        #expect(
            harness.services.warnings == [
                "The published split `published` spreads 6 of 6 groups over several sets: scores may be inflated by artists that are in the training set too."
            ])
    }

    @Test func otherWordsAreRefused() {
        #expect(
            sentence { _ = try run { $0 == 3 ? "dev" : $0 == 4 ? "" : "train" } }.hasPrefix(
                "The column `published` has `dev` for song song-103 (and 1 song more)"))
        #expect(
            sentence { _ = try run(Self.thirds, with: ["column": "publishd"]) }.hasSuffix("Did you mean `published`?"))
        #expect(sentence { _ = try run(Self.thirds, with: ["folds": 3]) }.contains("cannot be combined with `folds`"))
    }

    @Test func ofARecordingInTwoSetsTheHeldOutOneStays() throws {
        let table = try run(Self.thirds) { StageHarness.song(["song-102", "song-104"].contains($0) ? "song-100" : $0) }
        #expect(table.cell("song-104", "set") == "test" && table.rows.count == 10)
        #expect(table.cell("song-100", "set") == nil && table.cell("song-102", "set") == nil)
        #expect(
            harness.services.warnings == [
                "The published split `published` has copies of one recording in different sets; 2 songs are left out so that only the held-out copy is used: song-100 (a copy of song-104), song-102 (a copy of song-104)."
            ])
    }
}
