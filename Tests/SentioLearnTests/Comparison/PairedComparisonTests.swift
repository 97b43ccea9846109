import Testing

@testable import SentioLearn

@Suite struct PairedComparisonTests {
    let fixture: ComparisonFixture

    init() throws { fixture = try ComparisonFixture.load() }

    @Test func allSwapsAreSciPysPermutationTest() throws {
        for test in fixture.exact {
            let comparison = try PairedComparison(resamples: 10, permutations: 512, seed: 1)
            let found = try comparison.differences(truth: test.truth, first: [test.first], second: [test.second])
            for metric in Metric.allCases {
                let p = try #require(found[metric]).p
                #expect((p - test.p[metric.rawValue, default: -1]).magnitude < 1e-12, "\(metric)")
            }
        }
    }

    @Test func randomSwapsAreNumPysOnTheSamePhilox() throws {
        let test = fixture.swaps
        let comparison = try PairedComparison(resamples: 10, permutations: test.permutations, seed: test.seed)
        let found = try comparison.differences(truth: test.truth, first: [test.first], second: [test.second])
        for metric in Metric.allCases {
            #expect(
                (try #require(found[metric]).p - test.p[metric.rawValue, default: -1]).magnitude < 1e-12, "\(metric)")
        }
    }

    @Test func bootstrapIsNumPysOnTheSameResamplesAndNearSciPys() throws {
        let test = fixture.bootstrap
        let comparison = try PairedComparison(resamples: test.draws, permutations: 10, seed: test.seed)
        let found = try comparison.differences(truth: test.truth, first: [test.first], second: [test.second])
        for metric in Metric.allCases {
            let interval = try #require(found[metric]).interval, expected = try #require(test.metrics[metric.rawValue])
            #expect(
                difference([interval.estimate, interval.lower, interval.upper], expected.interval) < 1e-10, "\(metric)")
            // SciPy drew other resamples: as near as 400 of them bring it.
            let width = expected.scipy[1] - expected.scipy[0]
            #expect((interval.lower - expected.scipy[0]).magnitude < 0.12 * width, "\(metric)")
            #expect((interval.upper - expected.scipy[1]).magnitude < 0.12 * width, "\(metric)")
        }
    }

    @Test func replicatesHaveNumPysPartsAndP() throws {
        for test in fixture.replicates {
            let comparison = try PairedComparison(resamples: 10, permutations: 10, seed: 1)
            let found = try comparison.differences(truth: test.truth, first: test.first, second: test.second)
            for metric in Metric.allCases {
                let one = try #require(found[metric]), expected = try #require(test.metrics[metric.rawValue])
                #expect(
                    difference(
                        [one.noise.songs, try #require(one.noise.seeds), one.noise.interaction, one.noise.total],
                        [expected.songs, expected.seeds, expected.interaction, expected.total]) < 1e-10, "\(metric)")
                #expect(
                    difference([one.interval.estimate, one.interval.lower, one.interval.upper], expected.interval)
                        < 1e-6, "\(metric)")
                #expect((one.p - expected.p).magnitude < 1e-6, "\(metric)")
                #expect(
                    (try #require(one.noise.seedHalfWidth(level: 0.95)) - expected.seedHalfWidth).magnitude < 1e-9,
                    "\(metric)")
            }
        }
    }

    @Test func aClearDifferenceStandsAndNoneDoesNot() throws {
        let test = fixture.bootstrap
        let comparison = try PairedComparison(resamples: 200, permutations: 200, seed: 3)
        let same = try comparison.differences(truth: test.truth, first: [test.first], second: [test.first])
        let equal = try #require(same[.ccc])
        #expect(equal.p == 1 && equal.interval.lower == 0 && equal.interval.upper == 0 && !equal.stands())
        let exact = try comparison.differences(truth: test.truth, first: [test.first], second: [test.truth])
        let better = try #require(exact[.rmse])
        #expect(better.stands() && better.gain > 0 && better.interval.estimate < 0 && better.second == 0)
        #expect(better.exceedsSeedNoise == nil)
        #expect(!better.stands(p: 0.2))
    }

    @Test func unequalArmsAreErrors() throws {
        let comparison = try PairedComparison(resamples: 10, permutations: 10, seed: 1)
        #expect(throws: LearnError.rowMismatch(first: "truths", firstRows: 3, second: "second arm", secondRows: 2)) {
            try comparison.differences(truth: [1, 2, 3], first: [[1, 2, 3]], second: [[1, 2]])
        }
        #expect(
            throws: LearnError.rowMismatch(
                first: "first arm's replicates", firstRows: 1, second: "second arm's replicates", secondRows: 2)
        ) {
            try comparison.differences(truth: [1, 2], first: [[1, 2]], second: [[1, 2], [2, 1]])
        }
        #expect(throws: LearnError.self) {
            try comparison.differences(truth: [1, .nan], first: [[1, 2]], second: [[1, 2]])
        }
        #expect(throws: LearnError.empty(table: "first arm", missing: "replicates")) {
            try comparison.differences(truth: [1, 2], first: [], second: [])
        }
        #expect(throws: LearnError.self) { try PairedComparison(permutations: 0, seed: 1) }
    }

    @Test func constantsScoreAsRegressionScoreHasThem() throws {
        let truth = [1000.25, 1000.75, 1001.5], constant = [1000.5, 1000.5, 1000.5]
        let arm = try ArmScores(truth: truth, predictions: [constant], name: "arm")
        let expected = try RegressionScore(truth: truth, prediction: constant)
        for metric in Metric.allCases {
            #expect((arm.scores[0][metric] - expected[metric]).magnitude < 1e-9, "\(metric)")
        }
        #expect(arm.scores[0].ccc == 0 && arm.scores[0].pearson == 0)
    }
}
