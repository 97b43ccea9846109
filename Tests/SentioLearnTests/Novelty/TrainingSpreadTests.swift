import SentioLearn
import SentioNumerics
import Testing

@Suite struct TrainingSpreadTests {
    @Test func distancesAreThoseOfNumPy() throws {
        let given = try IntervalFixture.load().distances
        let spread = TrainingSpread(of: IntervalFixture.Distances.matrix(given.train))
        #expect(difference(spread.centers, given.centers) < 1e-12)
        #expect(difference(spread.deviations, given.deviations) < 1e-12)
        let distances = try spread.distances(IntervalFixture.Distances.matrix(given.songs))
        #expect(difference(distances.map(\.overall), given.overall) < 1e-9)
        #expect(difference(distances.map(\.largest), given.largest) < 1e-9)
    }

    @Test func oneFeatureCountsUpToItsReach() {
        let distance = TrainingSpread.distance(ofStandardized: [1e6, 0, 0, 0])
        #expect(distance.overall == 5 && distance.largest == 1e6)
        #expect(TrainingSpread.distance(ofStandardized: []).overall == 0)
    }

    @Test func anotherNumberOfFeaturesIsRefused() {
        let spread = TrainingSpread(centers: [0, 0], deviations: [1, 1])
        #expect(throws: LearnError.columnMismatch(table: "features", columns: 3, expected: 2)) {
            try spread.distances(Matrix(rows: 1, columns: 3))
        }
        #expect(spread.isValid(features: 2) && !spread.isValid(features: 3))
        #expect(!TrainingSpread(centers: [0], deviations: [-1]).isValid(features: 1))
    }

    @Test(arguments: ["none", "standard", "robust", "sign-log", "quantile"])
    func scalersThatKnowMeansSaySo(_ name: String) throws {
        let features = normalTable(50, 3, stream: 8)
        let spread = try #require(ScalerMethod(name: name)).fit(features).spread
        guard ["standard", "sign-log"].contains(name) else {
            #expect(spread == nil)
            return
        }
        let expected = TrainingSpread(of: features)
        #expect(difference(try #require(spread).centers, expected.centers) < 1e-12)
        #expect(difference(try #require(spread).deviations, expected.deviations) < 1e-12)
    }
}
