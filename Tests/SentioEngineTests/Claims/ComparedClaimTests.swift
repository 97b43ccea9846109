import SentioKit
import Synchronization
import Testing

@testable import SentioEngine

/// Answers with numbers that name the question.
private final class ToyStatistics: ArmStatistics, StageStatistics {
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

    func numbers(of metric: ComparedMetric, stage: StageOutcome, baseline: StageOutcome) throws(StageFailure)
        -> ComparedNumbers
    {
        answer("\(metric.set) \(metric.dimension) \(metric.measure): \(stage.stage) against \(baseline.stage)")
    }

    func verdict(metric: String?, stage: ComparedStage, baseline: ComparedStage) throws(StageFailure) -> String {
        "\(stage.label) against \(baseline.label)"
    }
}

/// Claims in words of intervals and p: who is compared with whom, and what is said.
@Suite struct ComparedClaimTests {
    private static func judge(_ claims: [String], missing: Set<String> = []) throws -> (
        said: [SentioKit.Expectation], asked: [String]
    ) {
        let project = try TestProject()
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

    @Test func aPipelineComparesItsStages() throws {
        let project = try TestProject()
        let pipeline = try project.pipeline(
            """
            stages: { one: { uses: toy-measure }, two: { uses: toy-measure } }
            expect:
              - "p(two.test.arousal.ccc vs one) < 0.05"
              - "low(two.test.arousal.ccc vs one) >= 0"
              - "low(two.test.ccc) > one.test.ccc + 0.1"
              - "high(two.test.ccc) - 0.5 > 0.2"

            """)
        let statistics = ToyStatistics()
        func outcome(_ stage: String, _ metrics: [String: Double]) -> StageOutcome {
            StageOutcome(stage: stage, kind: "toy-measure", state: .cached, metrics: metrics)
        }
        let outcomes = [
            outcome("one", ["test.ccc": 0.5]),
            outcome("two", ["test.ccc": 0.7, "test.ccc.low": 0.55, "test.ccc.high": 0.75]),
        ]
        let said = pipeline.expectations.map { $0.judge(outcomes, statistics: statistics) }
        #expect(said.map(\.holds) == [true, false, false, true])
        #expect(statistics.asked.withLock { $0 } == Array(repeating: "test arousal ccc: two against one", count: 2))
        #expect(said[0].evidence == "p(two.test.arousal.ccc vs one) is 0.03 (40 songs, 3 replicates)")
        #expect(said[2].evidence == "low(two.test.ccc) is 0.55, one.test.ccc is 0.5")
        #expect(
            pipeline.expectations[0].judge([outcomes[1]], statistics: statistics)
                == SentioKit.Expectation(
                    text: said[0].text, holds: false, evidence: "one did not finish"))
        #expect(!pipeline.expectations[0].judge(outcomes).holds)
    }

    @Test(arguments: [
        ("p(a.test.v.ccc) < 1", "`p` compares two stages: `p(a.test.v.ccc vs STAGE)`."),
        ("p(a.test.v.ccc vs c) < 1", "`c` is no stage of this pipeline. Did you mean `a`?"),
        ("p(a.test.v.ccc vs a) < 1", "`p(a.test.v.ccc vs a)` compares a stage with itself."),
        ("p(a.test.v.ccc against b) < 1", "After `a.test.v.ccc` only ` vs STAGE` can stand, not `against b`."),
        (
            "p(a.test.v.cccc vs b) < 1",
            "`a.test.v.cccc` cannot be compared song by song: the measures are ccc, r2. Did you mean `ccc`?"
        ),
        (
            "p(a.test.ccc vs b) < 1",
            "Songs are compared in one dimension: write `a.SET.DIMENSION.MEASURE`, such as `a.test.arousal.ccc`, not `a.test.ccc`."
        ),
        (
            "p(a.test.v.ccc vs b, ratio=1) < 1",
            "`ratio=1` chooses cells of a sweep; `p(a.test.v.ccc vs b, ratio=1)` is about one run."
        ),
        (
            "mean(a.test.ccc) < 1",
            "`mean` is over the cells of a sweep; under `sweep:` there is an `expect:` of its own."
        ),
        ("hihg(a.test.ccc) < 1", "`hihg` is no statistic; there are low, high, difference, p. Did you mean `high`?"),
        ("low(a.test.ccc < 1", "`low(a.test.ccc` has a bracket too many or too few."),
        ("low() < 1", "`low()` needs a metric."),
        ("a.test.ccc plus 1 < 1", "After `a.test.ccc` only ` + number` or ` - number` can stand."),
    ])
    func pipelineMistakesAreSaidWithTheirPlace(_ claim: String, _ sentence: String) throws {
        let project = try TestProject()
        try project.write(
            "stages: { a: { uses: toy-measure }, b: { uses: toy-measure } }\nexpect: [\"\(claim)\"]\n", to: "p.yaml")
        do {
            _ = try Pipeline(path: project.path + "/p.yaml", registry: Toys.measuring)
            Issue.record("\(claim) was read")
        } catch let errors as PipelineErrors {
            #expect(errors.diagnostics.map(\.sentence) == [sentence])
            #expect(errors.diagnostics.first?.location?.line == 2 && errors.diagnostics.first?.location?.column == 10)
        }
    }
}
