import SentioLearn
import SentioNumerics
import Testing

@Suite struct FrechetDistanceTests {
    @Test func valuesAreSciPys() throws {
        for expected in try FrechetFixture.load() {
            let (first, second) = (Matrix(expected.first), Matrix(expected.second))
            for (method, value) in [
                (CovarianceEstimate.Method.ledoitWolf, expected.shrunkDistance), (.sample, expected.sampleDistance),
            ] {
                let (a, b) = (
                    try CovarianceEstimate(first, method: method), try CovarianceEstimate(second, method: method)
                )
                let found = try FrechetDistance.squared(a, b), other = try FrechetDistance.squared(b, a)
                #expect((found - value).magnitude < 1e-6 * max(1, value), "\(method): \(found), not \(value)")
                #expect((found - other).magnitude < 1e-6 * max(1, value), "symmetric")
            }
        }
    }

    @Test func aSetHasNoDistanceFromItselfAndMovedOnlyTheShift() throws {
        let table = normalTable(30, 4, stream: 1), estimate = try CovarianceEstimate(table)
        #expect(try FrechetDistance.squared(estimate, estimate) < 1e-9)
        var moved = table
        for row in 0..<moved.rows { moved[row, 2] += 3 }
        let distance = try FrechetDistance.squared(estimate, try CovarianceEstimate(moved))
        #expect((distance - 9).magnitude < 1e-6)
    }
}
