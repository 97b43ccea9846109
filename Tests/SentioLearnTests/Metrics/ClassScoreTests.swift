import SentioLearn
import SentioNumerics
import Testing

@Suite struct ClassScoreTests {
    @Test(arguments: 0..<3) func scoresAreScikitLearns(number: Int) throws {
        let expected = try ClassFixture.load().scores[number]
        let predictions = try ClassPredictions(
            truth: expected.truth, probabilities: Matrix(expected.probabilities))
        let confusion = predictions.confusion, score = predictions.score
        #expect(confusion.counts == expected.confusion && confusion.songs == expected.truth.count)
        let found = [score.accuracy, score.balancedAccuracy, score.macroF1, score.logLoss]
        let wanted = [expected.accuracy, expected.balancedAccuracy, expected.macroF1, expected.logLoss]
        #expect(difference(found, wanted) < 1e-12)
        #expect(difference(confusion.classes.map(\.precision), expected.precision) < 1e-12)
        #expect(difference(confusion.classes.map(\.recall), expected.recall) < 1e-12)
        #expect(difference(confusion.classes.map(\.f1), expected.f1) < 1e-12)
        #expect(confusion.classes.map(\.support) == expected.support)
    }

    @Test func theFirstOfEquallyProbableClassesIsPredicted() throws {
        let predictions = try ClassPredictions(
            truth: [1, 0], probabilities: Matrix([[0.25, 0.375, 0.375], [0.5, 0.5, 0]]))
        #expect(predictions.predicted == [1, 0] && predictions.score.accuracy == 1)
    }

    @Test func whatIsNoProbabilityIsRefused() {
        #expect(throws: LearnError.badParameter(name: "probability", value: "1.5", allowed: "from 0 to 1")) {
            _ = try ClassPredictions(truth: [0], probabilities: Matrix([[1.5, -0.5]]))
        }
        #expect(throws: LearnError.self) { _ = try ClassPredictions(truth: [2], probabilities: Matrix([[0.5, 0.5]])) }
        #expect(throws: LearnError.self) { _ = try ClassPredictions(truth: [], probabilities: Matrix([[0.5, 0.5]])) }
    }

    /// Two classifiers that are right on the same songs do not differ; their intervals hold the estimates.
    @Test func intervalsAreOfTheSameResamples() throws {
        let cases = try ClassFixture.load().scores
        let one = try ClassPredictions(truth: cases[0].truth, probabilities: Matrix(cases[0].probabilities))
        let bootstrap = try Bootstrap(replicates: 300, seed: 3)
        let intervals = bootstrap.intervals(one)
        for metric in ClassMetric.allCases {
            let interval = try #require(intervals[metric])
            #expect(interval.estimate == one.score[metric])
            #expect(interval.lower <= interval.estimate && interval.estimate <= interval.upper)
            #expect(interval.lower < interval.upper)
        }
        #expect(bootstrap.intervals(one) == intervals)
        let none = bootstrap.differences(one, one)
        #expect(none.values.allSatisfy { $0.lower == 0 && $0.upper == 0 && $0.estimate == 0 })
        let guessing = try ClassPredictions(
            truth: one.truth, probabilities: Matrix(rows: one.truth.count, columns: 4, repeating: 0.25))
        let gain = try #require(bootstrap.differences(guessing, one)[.accuracy])
        #expect(gain.estimate == one.score.accuracy - guessing.score.accuracy && gain.lower > 0)
    }
}
