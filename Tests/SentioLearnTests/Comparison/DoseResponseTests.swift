import SentioLearn
import Testing

@Suite struct DoseResponseTests {
    let fixture: ComparisonFixture.Dose

    init() throws { fixture = try ComparisonFixture.load().dose }

    private func response(_ order: [Int] = [0, 1, 2, 3]) throws -> DoseResponse {
        try DoseResponse(
            metric: .ccc, doses: order.map { fixture.doses[$0] }, truth: fixture.truth,
            arms: order.map { fixture.arms[$0] },
            comparison: try PairedComparison(resamples: fixture.draws, permutations: 10, seed: fixture.seed))
    }

    @Test func sharesAreNumPysOnTheSameDraws() throws {
        let response = try response()
        #expect(difference(response.points.map(\.bestShare), fixture.shares) < 1e-12)
        #expect(difference(response.points.map(\.score.estimate), fixture.means) < 1e-12)
        #expect(response.points[response.best].dose == 1)
        #expect(response.points[response.best].fromBest == nil)
    }

    @Test func dosesComeInOrderWhateverTheOrderOfArms() throws {
        #expect(try response([2, 0, 3, 1]) == response())
    }

    @Test func thePlateauReachesDownToWhereNoiseEnds() throws {
        let response = try response()
        #expect(response.plateau <= response.points[response.best].dose)
        for point in response.points
        where point.dose >= response.plateau && point.dose <= response.points[response.best].dose {
            #expect(point.isWithinNoise)
        }
        if let below = response.points.last(where: { $0.dose < response.plateau }) { #expect(!below.isWithinNoise) }
        #expect(response.plausible.contains(response.points[response.best].dose))
    }

    /// (1 - level) / 2 of the resamples are left out at each end.
    @Test func dosesThatCouldBeBestLeaveOutHalfTheRestAtEachEnd() throws {
        let share = try #require(fixture.shares.first { $0 > 0 }),
            place = try #require(fixture.shares.firstIndex(of: share))
        #expect(fixture.shares[..<place].allSatisfy { $0 == 0 })
        for (factor, isIn) in [(1.5, true), (2.5, false)] {
            let response = try DoseResponse(
                metric: .ccc, doses: fixture.doses, truth: fixture.truth, arms: fixture.arms,
                comparison: try PairedComparison(
                    resamples: fixture.draws, permutations: 10, level: 1 - factor * share, seed: fixture.seed))
            #expect(
                (response.plausible.lowerBound == fixture.doses[place]) == isIn,
                "\(response.plausible) \(fixture.shares)")
        }
    }

    @Test func aClearWinnerIsCertain() throws {
        let truth = fixture.truth, worse = fixture.arms[0]
        let comparison = try PairedComparison(resamples: 100, permutations: 10, seed: 1)
        let response = try DoseResponse(
            metric: .rmse, doses: [0, 1], truth: truth, arms: [worse, worse.map { _ in truth }], comparison: comparison)
        #expect(response.best == 1 && response.plausible == 1...1 && response.plateau == 1)
        #expect(response.points.map(\.bestShare) == [0, 1])
    }

    @Test func dosesMustDiffer() throws {
        let comparison = try PairedComparison(resamples: 10, permutations: 10, seed: 1)
        #expect(throws: LearnError.self) {
            try DoseResponse(
                metric: .ccc, doses: [1, 1], truth: fixture.truth, arms: [fixture.arms[0], fixture.arms[1]],
                comparison: comparison)
        }
        #expect(throws: LearnError.self) {
            try DoseResponse(
                metric: .ccc, doses: [1, 2], truth: fixture.truth, arms: [fixture.arms[0], [fixture.arms[1][0]]],
                comparison: comparison)
        }
    }
}
