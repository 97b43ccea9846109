import SentioKit
import SentioSpec
import Synchronization
import Testing

@testable import SentioSweep
@testable import SentioToys

/// Answers with numbers that name the question.
private final class ToyStatistics: ArmStatistics {
    let asked = Mutex<[String]>([])
    private let values: [ComparedWord: Double] = [
        .difference: 0.1, .low: -0.02, .high: 0.22, .p: 0.03, .adjusted: 0.06,
    ]

    private func answer(_ question: String) -> ComparedNumbers {
        asked.withLock { $0.append(question) }
        return ComparedNumbers(values, songs: 40, replicates: 3)
    }

    func numbers(of metric: ComparedMetric, arm: String, baseline: String?) throws(StageFailure) -> ComparedNumbers {
        if metric.dimension == "joy" { throw StageFailure("no joy") }
        return answer(
            "\(metric.stage) \(metric.set) \(metric.dimension) \(metric.measure): \(arm) against \(baseline ?? "nothing")"
        )
    }
}

/// Claims of a sweep in words of intervals and p: which arms are compared, and what is said.
@Suite struct ComparedArmClaimTests {
    private static func judge(_ claims: [String], missing: Set<String> = []) throws -> (
        said: [SentioKit.Expectation], asked: [String]
    ) {
        let project = try PipelineFolder()
        let lines = claims.map { "    - \"\($0)\"" }.joined(separator: "\n")
        try project.write(
            """
            params: { ratio: 1, dim: 8 }
            stages:
              score: { uses: toy-measure, with: { factor: "${ratio}", other: "${dim}" } }
            sweep:
              parameters: { ratio: { values: [0, 1] }, dim: { values: [8, 16] } }
              expect:
            \(lines)

            """, to: "p.yaml")
        let sweep = try Sweep(path: project.path + "/p.yaml", registry: Toys.registry), statistics = ToyStatistics()
        let cells = sweep.cells.map { cell in
            SweepMeasures(cell: cell, metrics: missing.contains(cell.arm) ? nil : ["score": ["test.ccc": 0.5]])
        }
        return (sweep.claims.map { $0.judge(cells, statistics: statistics) }, statistics.asked.withLock { $0 })
    }

    @Test func theLeftOfVsIsTheArmAndTheRightItsBaseline() throws {
        let found = try Self.judge([
            "p(score.test.arousal.ccc, ratio=1 vs 0, dim=8) < 0.05",
            "p_holm(score.test.arousal.ccc, dim = 16, ratio = 1 vs 0) < 0.05",
            "low(score.test.a.b.r2, ratio=0 vs 1, dim=16 vs 8) > 0",
            "high(score.test.arousal.ccc, ratio=1, dim=8) < 0.3",
            "difference(score.test.arousal.ccc, ratio=1 vs 0, dim=8) - 0.05 > 0",
        ])
        #expect(found.said.map(\.holds) == [true, false, false, true, true])
        #expect(
            found.asked == [
                "score test arousal ccc: ratio=1,dim=8 against ratio=0,dim=8",
                "score test arousal ccc: ratio=1,dim=16 against ratio=0,dim=16",
                "score test a.b r2: ratio=0,dim=16 against ratio=1,dim=8",
                "score test arousal ccc: ratio=1,dim=8 against nothing",
                "score test arousal ccc: ratio=1,dim=8 against ratio=0,dim=8",
            ])
        #expect(
            found.said[0].evidence == "p(score.test.arousal.ccc, ratio=1 vs 0, dim=8) is 0.03 (40 songs, 3 replicates)")
        #expect(found.said[1].evidence.contains(" is 0.06 (") && found.said[2].evidence.contains(" is -0.02 ("))
    }

    @Test func aPartOfTheSweepIsNotCompared() throws {
        let found = try Self.judge(
            ["p(score.test.arousal.ccc, ratio=1 vs 0, dim=8) < 0.05", "mean(score.test.ccc, dim=8) > 0.4"],
            missing: ["ratio=1,dim=16"])
        #expect(found.said.map(\.holds) == [false, true] && found.asked.isEmpty)
        #expect(
            found.said[0].evidence
                == "p(score.test.arousal.ccc, ratio=1 vs 0, dim=8): 1 of 4 cells of the sweep are missing")
        let joy = try Self.judge(["p(score.test.joy.ccc, ratio=1 vs 0, dim=8) < 0.05"])
        #expect(joy.said.map(\.holds) == [false] && joy.said[0].evidence == "no joy")
    }
}
