import SentioLearn
import Testing

@Suite struct StudentDistributionTests {
    @Test func probabilitiesAreSciPys() throws {
        for case let one in try ComparisonFixture.load().student {
            let cumulative = StudentDistribution.cumulative(one.t, degrees: one.degrees)
            let twoSided = StudentDistribution.twoSided(one.t, degrees: one.degrees)
            #expect(
                (cumulative - one.cumulative).magnitude <= 1e-10 * max(one.cumulative, 1e-290),
                "t \(one.t), \(one.degrees)")
            #expect(
                (twoSided - one.twoSided).magnitude <= 1e-10 * max(one.twoSided, 1e-290), "t \(one.t), \(one.degrees)")
        }
    }

    @Test func quantilesAreSciPys() throws {
        for one in try ComparisonFixture.load().quantiles {
            let found = StudentDistribution.quantile(one.probability, degrees: one.degrees)
            #expect((found / one.quantile - 1).magnitude < 1e-9, "\(one.probability), \(one.degrees)")
        }
    }

    @Test func edges() {
        #expect(StudentDistribution.quantile(0.5, degrees: 3) == 0)
        #expect(StudentDistribution.quantile(0, degrees: 3) == -.infinity)
        #expect(StudentDistribution.quantile(1.1, degrees: 3).isNaN)
        #expect(StudentDistribution.cumulative(.infinity, degrees: 3) == 1)
        #expect(StudentDistribution.cumulative(1, degrees: 0).isNaN)
        #expect(StudentDistribution.twoSided(-.infinity, degrees: 2) == 0)
    }
}
