import SentioKit
import Synchronization
import Testing

@testable import SentioSpec
@testable import SentioToys

/// Answers with numbers that name the question.
private final class ToyStatistics: StageStatistics {
    let asked = Mutex<[String]>([])
    private let values: [ComparedWord: Double] = [
        .difference: 0.1, .low: -0.02, .high: 0.22, .p: 0.03, .adjusted: 0.06,
    ]

    private func answer(_ question: String) -> ComparedNumbers {
        asked.withLock { $0.append(question) }
        return ComparedNumbers(values, songs: 40, replicates: 3)
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
    @Test func aPipelineComparesItsStages() throws {
        let project = try PipelineFolder()
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
        ("p(a.test.v.ccc) < 1", "`p` compares two stages; write `p(a.test.v.ccc vs STAGE)`."),
        ("p(a.test.v.ccc vs c) < 1", "The pipeline has no stage `c`. Did you mean `a`?"),
        ("p(a.test.v.ccc vs a) < 1", "`p(a.test.v.ccc vs a)` compares a stage with itself."),
        ("p(a.test.v.ccc against b) < 1", "After `a.test.v.ccc`, only ` vs STAGE` may follow, not `against b`."),
        (
            "p(a.test.v.cccc vs b) < 1",
            "`a.test.v.cccc` cannot be compared song by song; the measures that can are ccc, r2. Did you mean `ccc`?"
        ),
        (
            "p(a.test.ccc vs b) < 1",
            "Songs are compared in a single dimension: write `a.SET.DIMENSION.MEASURE`, such as `a.test.arousal.ccc`, not `a.test.ccc`."
        ),
        (
            "p(a.test.v.ccc vs b, ratio=1) < 1",
            "`ratio=1` selects cells of a sweep, but `p(a.test.v.ccc vs b, ratio=1)` is about a single run."
        ),
        (
            "mean(a.test.ccc) < 1",
            "`mean` is a statistic over the cells of a sweep; use it under `expect:` in the `sweep:` block."
        ),
        (
            "hihg(a.test.ccc) < 1",
            "Unknown statistic `hihg`; the statistics are low, high, difference, p. Did you mean `high`?"
        ),
        ("low(a.test.ccc < 1", "`low(a.test.ccc` has unbalanced parentheses."),
        ("low() < 1", "`low()` needs a metric: `low(score.test.ccc)`."),
        ("a.test.ccc plus 1 < 1", "After `a.test.ccc`, only ` + number` or ` - number` may follow."),
    ])
    func pipelineMistakesAreSaidWithTheirPlace(_ claim: String, _ sentence: String) throws {
        let project = try PipelineFolder()
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
