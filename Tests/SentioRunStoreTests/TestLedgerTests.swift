import SentioKit
import Testing

@testable import SentioRunStore

@Suite struct TestLedgerTests {
    let folder: TemporaryFolder
    let store: RunStore

    init() throws {
        folder = try TemporaryFolder()
        store = try RunStore.open(path: folder.file(), probe: FakeProbe())
    }

    /// A run whose one stage scores these songs, in a table of that name.
    private func look(
        _ run: String, _ table: String, _ songs: [String], set: String = "test", _ state: StageState = .executed
    ) {
        let rows = songs.map {
            ItemPrediction(
                songID: "id of " + $0, set: set, dimension: "valence", truth: 5, predicted: 4, song: hash($0))
        }
        let scored = outcome("score", state, outputs: ["songs": hash(table)])
        #expect(
            store.record(description(run, startedAt: 7), [scored], predictions: { _ in [(hash(table), rows)] }) == [])
    }

    @Test func eachNewTableOfScoredSongsIsALook() throws {
        look("r1", "a", ["x", "y"])
        look("r2", "b", ["y", "x"])
        look("r2b", "b", ["y", "x"], .cached)
        look("r3", "c", ["x", "y"], set: "validation")
        let use = try #require(try store.testLooks().first)
        #expect(use.looks.map(\.run) == ["r1", "r2"] && use.songs == 2 && use.runs == 2 && use.looks[0].at == 7)
        #expect(use.sentence == "These 2 test songs were used 2 times by 2 runs.")
        #expect(
            try store.testLooks(of: ["r2b"]) == [use],
            "a run that repeats a look was scored on these songs all the same")
        #expect(try store.testLooks(of: ["r3"]) == [])
        #expect(use.hash == Hashing.content([hash("x").hex, hash("y").hex].sorted().joined(separator: "\n")).hex)
        #expect(try store.query("SELECT run, songs FROM v_test_looks ORDER BY run").rows == [["r1", 2], ["r2", 2]])
    }

    @Test func setsThatShareSongsAreSaid() throws {
        look("r1", "a", ["x", "y", "z"])
        look("r2", "b", ["x", "y"])
        look("r3", "c", ["x", "y"])
        look("r4", "d", ["q"], set: "out_of_fold")
        let use = try #require(try store.testLooks(of: ["r1"]).first)
        #expect(use.looks.count == 1 && use.overlapping == 2 && use.mostShared == 2)
        #expect(
            use.sentence
                == "These 3 test songs were used once by one run; 2 more times as part of other test sets, which share up to 2 songs."
        )
        #expect(try store.testLooks().map(\.songs) == [2, 1, 3] || store.testLooks().map(\.songs) == [2, 3, 1])
        #expect(try store.testLooks(of: ["r4"]).map(\.sentence) == ["This test song was used once by one run."])
    }

    @Test func choosingByTestIsFlagged() {
        let sentence = ScoredSet.warning(choosingBy: "score.test.valence.ccc", among: 15)
        #expect(
            sentence?.contains("the best of 15") == true && sentence?.contains("`score.validation.valence.ccc`") == true
        )
        #expect(ScoredSet.warning(choosingBy: "score.validation.ccc", among: 15) == nil)
        #expect(ScoredSet.warning(choosingBy: "score.test.ccc", among: 1) == nil)
        #expect(ScoredSet.warning(choosingBy: "score.test.ccc", among: 2)?.contains("the best of 2") == true)
        #expect(ScoredSet(metric: "cv.ridge.pooled.valence.r2") == .test && ScoredSet(metric: "ridge.alpha") == nil)
        #expect(ScoredSet(metric: "score.train_in_sample.ccc") == .train)
    }
}
