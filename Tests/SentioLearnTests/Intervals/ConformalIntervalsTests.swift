import SentioLearn
import SentioNumerics
import Testing

@Suite struct ConformalIntervalsTests {
    @Test func theyAreThoseOfNumPy() throws {
        let given = try IntervalFixture.load().intervals
        let intervals = try ConformalIntervals(truth: Matrix(given.truth), predictions: Matrix(given.predictions))
        #expect(intervals.areScaled == given.scaled && intervals.songs == given.truth.count)
        let found = try #require(try intervals.around(Matrix(given.points), level: 0.9))
        #expect(difference(found.flatMap { $0.map(\.lowerBound) }, given.lower.flatMap { $0 }) < 1e-12)
        #expect(difference(found.flatMap { $0.map(\.upperBound) }, given.upper.flatMap { $0 }) < 1e-12)
    }

    /// 2,000 new songs from the distribution of 200 calibration songs.
    @Test(arguments: [0.5, 0.8, 0.9, 0.95])
    func theyHoldTheTruthAsOftenAsTheySay(_ level: Double) throws {
        func songs(_ count: Int, stream: UInt64) -> (truth: Matrix, predictions: Matrix) {
            let made = normalTable(count, 2, stream: stream)
            let predictions = Matrix((0..<count).map { [5 + made[$0, 0]] })
            // Errors grow with the rating.
            let truth = Matrix((0..<count).map { [5 + made[$0, 0] + (0.2 + abs(made[$0, 0])) * made[$0, 1]] })
            return (truth, predictions)
        }
        var held = 0.0
        for round in 0..<10 {
            let known = songs(200, stream: UInt64(round)), new = songs(200, stream: UInt64(100 + round))
            let intervals = try ConformalIntervals(truth: known.truth, predictions: known.predictions)
            let found = try #require(try intervals.around(new.predictions, level: level))
            held += Double(found.indices.filter { found[$0][0].contains(new.truth[$0, 0]) }.count)
        }
        #expect(abs(held / 2000 - level) < 0.035)
    }

    @Test func fewerSongsThanTheLevelNeedsGiveNone() throws {
        let table = normalTable(8, 2, stream: 3)
        let intervals = try ConformalIntervals(truth: table, predictions: normalTable(8, 2, stream: 4))
        #expect(try intervals.around(table, level: 0.9) == nil)
        #expect(try intervals.around(table, level: 0.8)?.count == 8)
        #expect(intervals.areScaled == [false, false])
    }

    @Test func storedErrorsGiveTheSameIntervals() throws {
        let given = try IntervalFixture.load().intervals
        let intervals = try ConformalIntervals(truth: Matrix(given.truth), predictions: Matrix(given.predictions))
        let back = try ConformalIntervals(
            predictions: intervals.predictions, errors: intervals.errors, locals: intervals.locals)
        #expect(back == intervals)
    }

    @Test func damagedErrorsAreRefused() throws {
        let table = normalTable(3, 1, stream: 5), errors = Matrix(rows: 3, columns: 1, repeating: 1)
        #expect(throws: LearnError.self) { try ConformalIntervals(predictions: table, errors: table, locals: [nil]) }
        #expect(throws: LearnError.self) { try ConformalIntervals(predictions: table, errors: errors, locals: []) }
        #expect(throws: LearnError.self) {
            try ConformalIntervals(predictions: table, errors: errors, locals: [[1, 1, 1]])
        }
        #expect(throws: LearnError.self) {
            try ConformalIntervals(predictions: normalTable(2, 1, stream: 5), errors: errors, locals: [nil])
        }
    }
}
