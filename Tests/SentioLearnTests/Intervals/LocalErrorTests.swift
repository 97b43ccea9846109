import SentioLearn
import SentioNumerics
import Testing

@Suite struct LocalErrorTests {
    @Test func errorsOfNeighborsAreThoseOfScikitLearn() throws {
        let given = try IntervalFixture.load().intervals
        let errors = zip(given.truth, given.predictions).map { abs($0[0] - $1[0]) }
        let local = try LocalError(predictions: Matrix(given.predictions), errors: errors)
        #expect(difference(local.ofSongs, given.local) < 1e-12)
    }

    /// Of 60 songs 12 are neighbors. Those at a rating of 8 err by 2, the others by 1; half the mean is 0.6.
    @Test func itIsTheMeanOfTheNearestAndHalfOfTheWhole() throws {
        let predictions = (0..<60).map { [$0 < 12 ? 8.0 : 2 + Double($0) / 60] }
        let local = try LocalError(predictions: Matrix(predictions), errors: (0..<60).map { $0 < 12 ? 2 : 1 })
        #expect(abs(local.at([8]) - 2.6) < 1e-12 && abs(local.at([2]) - 1.6) < 1e-12)
        // Without itself, a song at 8 has 11 neighbors there.
        #expect(abs(local.ofSongs[0] - (0.6 + 23.0 / 12)) < 1e-12)
    }

    @Test func fewSongsHaveNone() {
        #expect(throws: LearnError.tooFewRows(method: "A local error", rows: 49, needed: 50)) {
            try LocalError(predictions: normalTable(49, 2, stream: 1), errors: [Double](repeating: 1, count: 49))
        }
    }
}
