import SentioKit
import SentioLearn
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

/// Copies of a recording in the folds, and before the leakage guard.
@Suite struct DuplicateGuardTests {
    let harness = StageHarness()

    /// A table of duplicates: song by song its group, empty for the others.
    func duplicates(_ study: ToyStudy, _ groups: [String: String]) -> Manifest {
        let table = Table(columns: ["song_id", "group"], rows: study.ids.map { [$0, groups[$0] ?? ""] })
        return Manifest(
            type: .duplicates,
            entries: [Manifest.Entry(id: "table", file: "duplicates.csv", blob: harness.write(table))],
            rows: study.ids.map { Manifest.Row(id: $0, sources: [StageHarness.song($0)]) })
    }

    private func evaluate(_ study: ToyStudy, _ made: Manifest, _ more: [String: Manifest] = [:]) throws {
        let inputs = ["predictions": made, "labels": study.labels, "split": study.split]
        _ = try harness.run(EvaluateStage.self, inputs: inputs.merging(more) { $1 })
    }

    @Test func aScoredSongWhoseCopyWasSeenIsLeakage() throws {
        let study = try ToyStudy(harness)
        let made = try harness.run(RidgeStage.self, inputs: study.inputs)["predictions"]!
        try evaluate(study, made)
        let (test, train) = (try study.songs(in: "test"), try study.songs(in: "train"))
        try evaluate(study, made, ["duplicates": duplicates(study, [test[0]: "1", test[1]: "1", train[0]: "2"])])
        let error = #expect(throws: LeakageError.self) {
            try evaluate(study, made, ["duplicates": duplicates(study, [test[2]: "1", train[5]: "1"])])
        }
        #expect(error == LeakageError(songs: [test[2]], port: "predictions", copies: [test[2]]))
        #expect(
            error?.description
                == "Leakage: a scored song was seen in training by what made `predictions` (model, scaler or normalizer): \(test[2]). Seen as another copy of the same recording: \(test[2]). A score on them would be meaningless. Split before anything is fitted, and pass the same split to every stage that fits."
        )
    }

    /// A split that knows copies and tears them apart: `evaluate` needs no further input.
    @Test func theSplitItselfTellsTheGuard() throws {
        var study = try ToyStudy(harness)
        let made = try harness.run(RidgeStage.self, inputs: study.inputs)["predictions"]!
        let (test, train) = (try study.songs(in: "test"), try study.songs(in: "train"))
        var table = try harness.table(study.split)
        table.columns.append("recording")
        table.rows = table.rows.map { $0 + [[test[1], train[3]].contains($0[0]) ? "1" : ""] }
        study.split.entries[0].blob = harness.write(table)
        let error = #expect(throws: LeakageError.self) { try evaluate(study, made) }
        #expect(error?.copies == [test[1]])
    }

    @Test func foldsKeepCopiesTogetherAndTellTheirSplits() throws {
        let study = try ToyStudy(harness)
        let copies = ["song-100": "1", "song-117": "1", "song-139": "1", "song-103": "2", "song-120": "2"]
        let folds = try harness.run(
            AssignFoldsStage.self, with: ["folds": 4, "repeats": 2],
            inputs: ["labels": study.labels, "duplicates": duplicates(study, copies)])["folds"]!
        let table = try harness.table(folds)
        #expect(table.columns == ["song_id", "group", "fold_0", "fold_1", "recording"])
        for name in ["1", "2"] {
            let songs = copies.filter { $0.value == name }.keys
            for column in ["group", "fold_0", "fold_1", "recording"] {
                #expect(Set(songs.map { table.cell($0, column) }).count == 1)
            }
        }
        #expect(harness.services.metrics["groups"] == 37)
        let split = try harness.run(
            FoldSplitStage.self, with: ["fold": 1, "validation": 0.2], inputs: ["folds": folds])["split"]!
        let own = try harness.table(split)
        #expect(own.columns == ["song_id", "set", "fold", "group", "recording"])
        for song in study.ids { #expect(own.cell(song, "recording") == copies[song] ?? "") }
        for name in ["1", "2"] {
            #expect(Set(copies.filter { $0.value == name }.keys.map { own.cell($0, "set") }).count == 1)
        }
    }

    @Test func innerFoldsHaveTheCopiesOfTheirSplit() throws {
        var study = try ToyStudy(harness)
        let copies = ["song-100": "1", "song-117": "1", "song-139": "1"]
        study.split = try harness.run(
            SplitStage.self, with: ["test": 0.25, "validation": 0.1],
            inputs: ["labels": study.labels, "duplicates": duplicates(study, copies)])["split"]!
        let folds = try harness.run(
            AssignFoldsStage.self, with: ["folds": 3], inputs: ["labels": study.labels, "split": study.split])[
                "folds"]!
        #expect(try harness.table(folds).columns.last == "recording")
        let inner = try harness.run(
            FoldSplitStage.self, with: ["fold": .null], inputs: ["folds": folds, "split": study.split])["split"]!
        let table = try harness.table(inner)
        for song in study.ids { #expect(table.cell(song, "recording") == copies[song] ?? "") }
    }

    @Test func crossValidateHandsItsDuplicatesToTheFolds() throws {
        let group = try CrossValidateGroup(try Configuration(CrossValidateGroup.parameters, given: [:]))
        let member = GroupMember(name: "ridge", kind: "ridge", outputs: RidgeStage.outputs)
        let folds = try #require(try group.expand([member]).made.first { $0.name == "folds" })
        #expect(
            folds.inputs.contains { $0.port == DuplicateTable.port && $0.source == .input(DuplicateTable.port) })
    }
}
