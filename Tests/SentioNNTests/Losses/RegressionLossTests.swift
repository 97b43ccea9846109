import SentioNN
import SentioNumerics
import Testing

@Suite struct RegressionLossTests {
    static let all: [any RegressionLoss] = [
        SquaredErrorLoss(), HuberLoss(delta: 0.5), ConcordanceLoss(), BlendedLoss(concordanceShare: 0.7),
    ]

    @Test(arguments: all) func gradientsAgreeWithDifferences(_ loss: any RegressionLoss) {
        var random = Philox(key: 8)
        let truth = (0..<14).map { _ in random.nextNormal() }, prediction = (0..<14).map { _ in random.nextNormal() }
        let weights = (0..<7).map { _ in 0.2 + random.nextDouble() }
        for (weights, shares) in [(nil, []), (weights, []), (weights, [2, 3])] as [([Double]?, [Double])] {
            func value(_ p: [Double]) -> Double {
                loss.evaluate(prediction: p, truth: truth, dimensions: 2, weights: weights, shares: shares).value
            }
            let gradient = loss.evaluate(
                prediction: prediction, truth: truth, dimensions: 2, weights: weights, shares: shares
            ).gradient
            for index in prediction.indices {
                var (above, below) = (prediction, prediction)
                above[index] += 1e-5
                below[index] -= 1e-5
                #expect(abs((value(above) - value(below)) / 2e-5 - gradient[index]) < 1e-7)
            }
        }
    }

    @Test func knownValues() {
        let loss = { (loss: any RegressionLoss) in
            loss.evaluate(prediction: [1, 2, 3, 5], truth: [1, 2, 4, 3], dimensions: 1).value
        }
        #expect(abs(loss(SquaredErrorLoss()) - 1.25) < 1e-12)
        #expect(abs(loss(HuberLoss(delta: 1)) - (0.5 + 1.5) / 4) < 1e-12)
        // means 2.75 and 2.5, variances 2.1875 and 1.25, covariance 1.125
        #expect(abs(loss(ConcordanceLoss()) - (1 - 2.25 / (2.1875 + 1.25 + 0.0625))) < 1e-12)
        // 0.4 times the mean square of the first dimension, 0.6 times that of the second.
        let shared = SquaredErrorLoss().evaluate(
            prediction: [1, 2, 3, 5], truth: [1, 1, 4, 3], dimensions: 2, shares: [2, 3]
        ).value
        #expect(abs(shared - (0.4 * 0.5 + 0.6 * 2.5)) < 1e-12)
        #expect(
            ConcordanceLoss().evaluate(prediction: [2, 2], truth: [2, 2], dimensions: 1).gradient == [0, 0])
    }
}
