import SentioKit
import SentioRunStore
import Testing

@testable import SentioReport

@Suite struct AlignedArmsTests {
    private func column(_ stage: String, _ songs: [String], set: String = "test", truth: Double = 1, position: Int = 0)
        -> ScoredColumn
    {
        ScoredColumn(
            stage: stage, position: position, set: set, dimension: "valence", songs: songs,
            truth: songs.map { _ in truth },
            predicted: songs.indices.map(Double.init))
    }

    private func arm(_ label: String, _ columns: [ScoredColumn], number: Int = 0) -> Arm {
        Arm(label: label, runs: [.init(run: label, number: number, columns: columns)])
    }

    @Test func sharedSongsInOneOrder() throws {
        let aligned = try AlignedArms([
            arm("a", [column("score", ["x", "y", "z"])]), arm("b", [column("score", ["z", "q", "x"])]),
        ])
        #expect(aligned.songs == ["x", "z"])
        #expect(aligned.dimensions[0].predicted == [[[0, 2]], [[2, 0]]])
        #expect(aligned.omissions == ["Compared on the 2 songs scored in all arms; up to 3 were scored."])
    }

    @Test func whoNamesAModelMeansTheStageThatScoresIt() {
        let error = ComparisonError.unknownStage("ridge", run: "a", available: ["ridge_score", "score"])
        #expect(
            error.description
                == "Run a has no scoring stage `ridge`. Did you mean `ridge_score`? It has `ridge_score`, `score`."
        )
    }

    @Test func theLastSharedStageUnlessNamed() throws {
        let both = [column("ridge", ["x", "y"], position: 1), column("trees", ["x", "y"], position: 2)]
        #expect(try AlignedArms([arm("a", both), arm("b", both)]).stages == ["trees", "trees"])
        #expect(try AlignedArms([arm("a", both), arm("b", [both[0]])]).stages == ["ridge", "ridge"])
        #expect(
            try AlignedArms([arm("a", both), arm("a", both)], stages: ["ridge", "trees"]).stages == ["ridge", "trees"])
        #expect(try AlignedArms([arm("a", [both[0]]), arm("b", [both[1]])]).stages == ["ridge", "trees"])
        #expect(throws: ComparisonError.unknownStage("svr", run: "a", available: ["ridge", "trees"])) {
            try AlignedArms([arm("a", both), arm("b", both)], stage: "svr")
        }
    }

    /// A sweep repeats what does not depend on its parameters, such as a baseline; that is not what it asks about.
    @Test func aStageThatPredictsTheSameInAllArmsIsPassedOver() throws {
        let kept = column("baseline", ["x", "y"], position: 2)
        let low = column("score", ["x", "y"], position: 1), high = column("score", ["w", "x", "y"], position: 1)
        #expect(try AlignedArms([arm("a", [low, kept]), arm("b", [low, kept])]).stages == ["baseline", "baseline"])
        #expect(try AlignedArms([arm("a", [low, kept]), arm("b", [high, kept])]).stages == ["score", "score"])
    }

    /// Two phases that are about stages of their own names are compared by those.
    @Test func whatTheRunsAreAboutGoesFirst() throws {
        func about(_ arm: Arm, _ stage: String, isDeclared: Bool = true, metric: String? = nil) -> Arm {
            Arm(label: arm.label, runs: arm.runs, headline: .init(stage: stage, metric: metric, isDeclared: isDeclared))
        }
        let first = [column("ridge", ["x", "y"], position: 1), column("trees", ["x", "y"], position: 2)]
        let second = [column("ridge", ["w", "x", "y"], position: 1), column("trees", ["w", "x", "y"], position: 2)]
        let arms = (arm("a", first), arm("b", second))
        #expect(try AlignedArms([about(arms.0, "ridge"), about(arms.1, "ridge")]).stages == ["ridge", "ridge"])
        #expect(try AlignedArms([about(arms.0, "ridge"), about(arms.1, "trees")]).stages == ["ridge", "trees"])
        #expect(
            try AlignedArms([about(arms.0, "ridge", isDeclared: false), about(arms.1, "trees", isDeclared: false)])
                .stages == [
                    "trees", "trees",
                ])
        #expect(try AlignedArms([about(arms.0, "gone"), about(arms.1, "gone")]).stages == ["trees", "trees"])
        #expect(
            try AlignedArms([about(arms.0, "ridge"), about(arms.1, "ridge")], stage: "trees").stages == [
                "trees", "trees",
            ])
        let same = [about(arm("a", first), "ridge"), about(arm("b", [first[0], second[1]]), "ridge")]
        #expect(
            try AlignedArms(same).stages == ["trees", "trees"], "what is the same in all arms is not what is asked")
        let sets = [column("score", ["x", "y"], set: "validation"), column("score", ["p", "q"], set: "test")]
        let own = ["a", "b"].map { about(arm($0, sets), "score", metric: "validation.ccc") }
        #expect(try AlignedArms(own).set == "validation")
    }

    @Test func testSongsGoFirst() throws {
        let sets = [column("score", ["x", "y"], set: "validation"), column("score", ["p", "q"], set: "test")]
        #expect(try AlignedArms([arm("a", sets), arm("b", sets)]).set == "test")
        #expect(try AlignedArms([arm("a", sets), arm("b", sets)], set: "validation").songs == ["x", "y"])
        #expect(throws: ComparisonError.unknownSet("train", stage: "score", available: ["test", "validation"])) {
            try AlignedArms([arm("a", sets), arm("b", sets)], set: "train")
        }
    }

    @Test func replicatesArePairedByTheirNumber() throws {
        func runs(_ numbers: [Int]) -> Arm {
            Arm(
                label: "\(numbers)",
                runs: numbers.map { .init(run: "r\($0)", number: $0, columns: [column("score", ["x", "y"])]) })
        }
        let aligned = try AlignedArms([runs([0, 1, 2]), runs([2, 1])])
        #expect(aligned.replicates == [1, 2])
        #expect(aligned.omissions == ["[0, 1, 2] has 3 replicates; the 2 that all arms have are compared."])
        #expect(throws: ComparisonError.noCommonReplicates) { try AlignedArms([runs([0, 1]), runs([2, 3])]) }
    }

    @Test func eachReplicateBringsItsOwnPredictions() throws {
        func runs(_ numbers: [Int], _ base: Double) -> Arm {
            Arm(
                label: "\(numbers)",
                runs: numbers.map { number in
                    let predicted = [base + Double(number), base - Double(number)]
                    let column = ScoredColumn(
                        stage: "score", position: 0, set: "test", dimension: "valence", songs: ["x", "y"],
                        truth: [1, 1],
                        predicted: predicted)
                    return .init(run: "r\(number)", number: number, columns: [column])
                })
        }
        let aligned = try AlignedArms([runs([0, 1, 2], 10), runs([2, 1, 3], 20)])
        #expect(aligned.dimensions[0].predicted == [[[11, 9], [12, 8]], [[21, 19], [22, 18]]])
    }

    @Test func whatCannotBeComparedIsSaid() {
        #expect(throws: ComparisonError.noPredictions(run: "b")) {
            try AlignedArms([arm("a", [column("s", ["x", "y"])]), arm("b", [])])
        }
        #expect(throws: ComparisonError.tooFewSharedSongs(stage: "s", shared: 1)) {
            try AlignedArms([arm("a", [column("s", ["x", "y"])]), arm("b", [column("s", ["x", "z"])])])
        }
        #expect(throws: ComparisonError.differentTruth(song: "x", dimension: "valence")) {
            try AlignedArms([arm("a", [column("s", ["x", "y"])]), arm("b", [column("s", ["x", "y"], truth: 2)])])
        }
        #expect(throws: ComparisonError.tooFewArms) { try AlignedArms([]) }
    }
}
