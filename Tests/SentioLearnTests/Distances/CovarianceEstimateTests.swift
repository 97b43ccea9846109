import SentioLearn
import SentioNumerics
import Testing

@Suite struct CovarianceEstimateTests {
    @Test func shrinkageIsScikitLearns() throws {
        for expected in try FrechetFixture.load() {
            let estimate = try CovarianceEstimate(Matrix(expected.first))
            #expect((estimate.shrinkage - expected.shrinkage[0]).magnitude < 1e-12)
            #expect(difference(estimate.covariance, Matrix(expected.covariance)) < 1e-12)
            let other = try CovarianceEstimate(Matrix(expected.second))
            #expect((other.shrinkage - expected.shrinkage[1]).magnitude < 1e-12)
        }
    }

    @Test func sampleCovarianceDividesByOneLess() throws {
        let estimate = try CovarianceEstimate(Matrix([[0, 1], [2, 5]]), method: .sample)
        #expect(estimate.mean == [1, 3] && estimate.shrinkage == 0)
        #expect(estimate.covariance == Matrix([[2, 4], [4, 8]]))
    }

    /// Identical rows have no covariance, and nothing is divided by zero.
    @Test func identicalRowsHaveNone() throws {
        for method in CovarianceEstimate.Method.allCases {
            let estimate = try CovarianceEstimate(Matrix([[1, 2], [1, 2], [1, 2]]), method: method)
            #expect(estimate.covariance == Matrix(rows: 2, columns: 2) && estimate.shrinkage == 0)
        }
    }

    @Test func whatHasNoCovarianceIsRefused() {
        #expect(throws: LearnError.tooFewRows(method: "A covariance", rows: 1, needed: 2)) {
            try CovarianceEstimate(Matrix([[1, 2]]))
        }
        #expect(throws: LearnError.empty(table: "samples", missing: "rows")) {
            try CovarianceEstimate(Matrix(rows: 0, columns: 2))
        }
        #expect(throws: LearnError.self) { try CovarianceEstimate(Matrix([[1, 2], [.nan, 3]])) }
    }
}
