import SentioKit
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioSongStages

@Suite struct SplitStageTests {
    let harness = StageHarness()

    func split(_ study: ToyStudy, _ given: [String: Value], seed: UInt64 = 7) throws -> Table {
        try harness.table(
            try harness.run(SplitStage.self, with: given, inputs: ["labels": study.labels], seed: seed)["split"]!)
    }

    @Test func everySongOnceAndFractionsHold() throws {
        let study = try ToyStudy(harness)
        let table = try split(study, ["test": 0.2, "validation": 0.1, "stratify": "grid5"])
        #expect(table.columns == ["song_id", "set", "fold", "group"])
        #expect(table.rows.map { $0[0] } == study.ids)
        #expect(
            table.songs(in: "test").count == 8 && table.songs(in: "validation").count == 4
                && table.songs(in: "train").count == 28)
        #expect(harness.services.metrics["songs.test"] == 8)
    }

    @Test func artistsStayTogether() throws {
        let study = try ToyStudy(harness, artist: { "artist \($0 % 9)" })
        let table = try split(study, ["test": 0.2, "group": "artist"])
        for remainder in 0..<9 {
            let sets = Set(study.ids.indices.filter { $0 % 9 == remainder }.map { table.cell(study.ids[$0], "set") })
            #expect(sets.count == 1)
        }
        #expect(harness.services.metrics["groups"] == 9)
    }

    @Test func theSameRecordingUnderTwoIdsStaysTogether() throws {
        let study = try ToyStudy(
            harness, source: { id in StageHarness.song(id < "song-120" ? id : "song-\(Int(id.dropFirst(5))! - 20)") })
        for seed in 0..<5 {
            let table = try split(study, ["test": 0.3, "group": "none"], seed: UInt64(seed))
            for index in 0..<20 {
                #expect(table.cell("song-\(100 + index)", "set") == table.cell("song-\(120 + index)", "set"))
            }
        }
    }

    @Test func aMissingGroupColumnIsAnErrorUnlessNoneIsAllowed() throws {
        let study = try ToyStudy(harness)
        #expect(
            sentence { _ = try split(study, ["group": "composer"]) }
                == "The labels have no column `composer` to group songs by; they have song_id, valence, valence_std, arousal, arousal_std, artist. To assign songs individually if it is missing, write `group: [composer, none]`."
        )
        #expect(sentence { _ = try split(study, ["group": "artists"]) }.contains("Did you mean `artist`?"))
        let table = try split(study, ["group": ["composer", "none"]])
        #expect(Set(table.rows.map { $0[3] }).count == 40)
        #expect(
            harness.services.warnings.last?.contains("songs of one artist may be in both training and test") == true)
        #expect(Set(try split(study, ["group": ["composer", "artist"]]).rows.map { $0[3] }).count == 20)
    }

    @Test func foldsCoverAllSongsAndTheTestFoldIsTheTestSet() throws {
        let study = try ToyStudy(harness)
        var tested: [String] = []
        for fold in 0..<4 {
            let table = try split(study, ["folds": 4, "test_fold": .int(fold), "group": "artist", "validation": 0.1])
            #expect(table.songs(in: "test") == table.rows.filter { $0[2] == String(fold) }.map { $0[0] })
            #expect(table.songs(in: "validation").count == 4)
            tested += table.songs(in: "test")
        }
        #expect(tested.sorted() == study.ids)
    }

    @Test func itsOwnSeedReplacesTheRuns() throws {
        let study = try ToyStudy(harness)
        #expect(try split(study, ["seed": 1], seed: 1) == split(study, ["seed": 1], seed: 2))
        #expect(try split(study, [:], seed: 1) != split(study, [:], seed: 2))
        func draws(_ given: [String: Value]) throws -> Bool {
            try SplitStage(try Configuration(SplitStage.parameters, given: given)).drawsRandomNumbers
        }
        #expect(try draws([:]))
        #expect(try !draws(["seed": -3]))
    }

    @Test func fractionsOfTheTrainingSetAreNestedAndLeaveTheOtherSetsAlone() throws {
        let study = try ToyStudy(harness, artist: { "artist \($0 / 4)" })
        let given: [String: Value] = ["test": 0.2, "validation": 0.1, "group": "artist", "stratify": "grid5"]
        func subset(_ fraction: Double) throws -> Table {
            try split(study, given.merging(["train_fraction": .double(fraction)]) { $1 })
        }
        let whole = try split(study, given), all = whole.songs(in: "train")
        #expect(try subset(1) == whole)
        #expect(all.count == 28)
        var larger = Set(all)
        // Groups of four: as close to the fraction as they allow, and never none.
        for (fraction, size) in [(0.75, 20), (0.5, 16), (0.25, 8), (0.01, 4)] {
            let table = try subset(fraction), kept = table.songs(in: "train")
            #expect(kept.count == size, "\(fraction)")
            #expect(larger.isStrictSuperset(of: kept))
            #expect(Set(kept.map { table.cell($0, "group") }).count == size / 4)
            #expect(table.songs(in: "test") == whole.songs(in: "test"))
            #expect(table.songs(in: "validation") == whole.songs(in: "validation"))
            #expect(table.rows.count == 40 - 28 + size)
            larger = Set(kept)
        }
        #expect(harness.services.metrics["songs.train"] == 4)
        #expect(try subset(0.5) == subset(0.5))
    }

    @Test func aPublishedSplitDrawsOnlyIfItIsReduced() throws {
        func draws(_ given: [String: Value]) throws -> Bool {
            try SplitStage(try Configuration(SplitStage.parameters, given: given)).drawsRandomNumbers
        }
        #expect(try !draws(["column": "set"]))
        #expect(try draws(["column": "set", "train_fraction": 0.5]))
        #expect(try !draws(["column": "set", "train_fraction": 0.5, "seed": 1]))
    }

    @Test func aSplitSaysNothingAboutItsSongs() throws {
        let study = try ToyStudy(harness)
        #expect(!study.split.carriesSongData && study.split.lineage.isEmpty && study.split.fittedSets.isEmpty)
    }

    @Test(
        arguments: [
            (["folds": 1], "`folds`"), (["folds": 3, "test_fold": 3], "there are only folds 0 to 2"),
            (["test_fold": 1], "it needs `folds`"),
            (["test": 0.6, "validation": 0.4], "no songs to train on"), (["group": []], "name a metadata column"),
        ] as [([String: Value], String)])
    func badParametersAreRefused(_ given: [String: Value], _ part: String) {
        #expect(sentence { _ = try SplitStage(try Configuration(SplitStage.parameters, given: given)) }.contains(part))
    }

    @Test func tooFewGroupsAreASentence() throws {
        let study = try ToyStudy(harness)
        #expect(
            sentence { _ = try split(study, ["folds": 30, "group": "artist"]) }.contains(
                "without tearing a group apart"))
    }

    @Test func aColumnThatGroupsNothingIsAnErrorUnlessNoneIsAllowed() throws {
        let alone = try ToyLabels(harness) { "artist \($0)" }, empty = try ToyLabels(harness) { _ in "" }
        func split(_ labels: Manifest, _ group: Value) throws -> Table {
            try harness.table(
                try harness.run(SplitStage.self, with: ["group": group], inputs: ["labels": labels])["split"]!)
        }
        #expect(
            sentence { _ = try split(alone.labels, "artist") }
                == "No two of the 40 songs have the same artist, so `group: artist` keeps no songs together. Name a column with repeated values, or write `group: [artist, none]` to assign songs individually, with a warning."
        )
        #expect(
            sentence { _ = try split(empty.labels, "artist") }.hasPrefix(
                "The labels' column `artist` is empty for all 40 songs, so `group: artist`"))
        #expect(harness.services.warnings.isEmpty)
        // With `none` the songs are split as if no column had been named, and it is said.
        #expect(try split(alone.labels, ["artist", "none"]) == split(alone.labels, "none"))
        #expect(
            harness.services.warnings == [
                "No two of the 40 songs have the same artist, so songs are assigned individually."
            ]
        )
        _ = try split(empty.labels, ["artist", "none"])
        #expect(
            harness.services.warnings.last
                == "The labels' column `artist` is empty for all 40 songs, so songs are assigned individually: songs of one artist may be in both training and test."
        )
    }

    @Test func songsWithoutAGroupAreCounted() throws {
        let study = try ToyLabels(harness) { $0 < 37 ? "artist \($0 / 2)" : "" }
        _ = try harness.run(SplitStage.self, with: ["group": "artist"], inputs: ["labels": study.labels])
        #expect(
            harness.services.warnings == [
                "3 of 40 songs have no artist and are assigned individually: song-137, song-138, song-139. Any that actually share one may be in both training and test."
            ])
    }

    @Test func moreFoldsThanSongsNameTheLineToWrite() throws {
        let study = try ToyStudy(harness, count: 6)
        func problem(_ given: [String: Value]) -> String {
            sentence { try harness.run(SplitStage.self, with: given, inputs: ["labels": study.labels]) }
        }
        #expect(
            problem(["folds": 7])
                == "The songs cannot be split: 6 songs cannot fill 7 folds. Lower `folds` to at most 6: `--set split.folds=6`."
        )
        #expect(
            problem(["folds": 5, "group": "artist"]).hasSuffix("Lower `folds` to at most 3: `--set split.folds=3`."))
        // One of two folds has two of the three groups, and the other leaves nothing to validate on.
        let both = [0, 1].map { problem(["folds": 2, "test_fold": .int($0), "group": "artist", "validation": 0.2]) }
        #expect(
            both.contains { $0.hasSuffix("Use no validation songs (`--set split.validation=0`), or more songs.") },
            "\(both)")
    }
}
