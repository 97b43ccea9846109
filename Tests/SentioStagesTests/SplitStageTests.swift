import SentioKit
import SentioStages
import Testing

@Suite struct SplitStageTests {
    let harness = StageHarness()

    func split(_ study: ToyStudy, _ given: [String: Value], seed: UInt64 = 7) throws -> Table {
        try harness.table(try harness.run(SplitStage.self, with: given, inputs: ["labels": study.labels], seed: seed)["split"]!)
    }

    @Test func everySongOnceAndFractionsHold() throws {
        let study = try ToyStudy(harness)
        let table = try split(study, ["test": 0.2, "validation": 0.1, "stratify": "grid5"])
        #expect(table.columns == ["song_id", "set", "fold", "group"])
        #expect(table.rows.map { $0[0] } == study.ids)
        #expect(table.songs(in: "test").count == 8 && table.songs(in: "validation").count == 4 && table.songs(in: "train").count == 28)
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
            harness, artist: { _ in "" }, source: { id in StageHarness.song(id < "song-120" ? id : "song-\(Int(id.dropFirst(5))! - 20)") })
        for seed in 0..<5 {
            let table = try split(study, ["test": 0.3], seed: UInt64(seed))
            for index in 0..<20 { #expect(table.cell("song-\(100 + index)", "set") == table.cell("song-\(120 + index)", "set")) }
        }
    }

    @Test func aMissingGroupColumnIsAnErrorUnlessNoneIsAllowed() throws {
        let study = try ToyStudy(harness)
        #expect(
            sentence { _ = try split(study, ["group": "composer"]) }
                == "The labels have no column `composer` to group songs by; they have song_id, valence, valence_std, arousal, arousal_std, artist. To take each song alone where it is missing, write `group: [composer, none]`."
        )
        #expect(sentence { _ = try split(study, ["group": "artists"]) }.contains("Did you mean `artist`?"))
        let table = try split(study, ["group": ["composer", "none"]])
        #expect(Set(table.rows.map { $0[3] }).count == 40)
        #expect(harness.services.warnings.last?.contains("songs of one artist may be in training and in test") == true)
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
        #expect(sentence { _ = try split(study, ["folds": 30, "group": "artist"]) }.contains("without tearing a group apart"))
    }
}
