import SentioNN
import SentioNumerics
import Testing

@Suite struct SequenceLossTests {
    /// Two songs of three steps and two dimensions.
    private let prediction = [0.1, 0.4, -0.3, 0.2, 0.5, -0.1, 0.0, 0.3, 0.7, -0.6, 0.2, 0.1]
    private let truth = [0.2, 0.1, -0.5, 0.4, 0.3, 0.0, 0.1, 0.6, 0.4, -0.2, 0.3, -0.3]

    @Test func everyStepIsASampleOfTheLossBeneath() {
        for base in RegressionLosses.all.map({ $0.init(RegressionLosses.Settings()) }) {
            let found = SequenceLoss(base, dimensions: 2).evaluate(
                prediction: prediction, truth: truth, dimensions: 6)
            let plain = base.evaluate(prediction: prediction, truth: truth, dimensions: 2)
            #expect(found.value == plain.value && found.gradient == plain.gradient, "\(type(of: base).name)")
        }
    }

    @Test func stepsWithoutARatingDoNotCount() {
        var gaps = truth
        // The second step of the first song, and one dimension of the last step of the second.
        (gaps[2], gaps[3], gaps[10]) = (.nan, .nan, .nan)
        let rated = [0, 2, 3, 4]
        func chosen(_ values: [Double]) -> [Double] { rated.flatMap { values[(2 * $0)..<(2 * $0 + 2)] } }
        for base in RegressionLosses.all.map({ $0.init(RegressionLosses.Settings()) }) {
            let found = SequenceLoss(base, dimensions: 2).evaluate(prediction: prediction, truth: gaps, dimensions: 6)
            let plain = base.evaluate(prediction: chosen(prediction), truth: chosen(truth), dimensions: 2)
            #expect((found.value - plain.value).magnitude < 1e-14, "\(type(of: base).name)")
            #expect(found.gradient.indices.filter { found.gradient[$0] != 0 }.allSatisfy { rated.contains($0 / 2) })
            let near = zip(chosen(found.gradient), plain.gradient).allSatisfy { ($0 - $1).magnitude < 1e-14 }
            #expect(near, "\(type(of: base).name)")
        }
    }

    @Test func songsWithoutAnyRatingAreNoError() {
        let none = [Double](repeating: .nan, count: 12)
        let found = SequenceLoss(ConcordanceLoss(), dimensions: 2).evaluate(
            prediction: prediction, truth: none, dimensions: 6)
        #expect(found.value == 0 && found.gradient.allSatisfy { $0 == 0 })
    }
}
