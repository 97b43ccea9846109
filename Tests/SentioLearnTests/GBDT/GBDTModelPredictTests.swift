import SentioLearn
import SentioNumerics
import Testing

@Suite struct GBDTModelPredictTests {
    /// Not nearly: the same singles, for the order of the sums is XGBoost's.
    @Test(arguments: XGBoostFixture.names)
    func hasTheBitsOfXGBoost(_ name: String) throws {
        let fixture = try XGBoostFixture.named(name)
        #expect(try fixture.read().model.predict(fixture.table) == Matrix(fixture.predictions))
    }

    @Test func aValueAtTheThresholdGoesRightAndAMissingOneWhereTheNodeSays() throws {
        let below = Float(0.1).nextDown
        let model = stumps([stump(below: 0.1, missing: true), stump(1, missing: false)])
        let rows = Matrix([[0.1, 0], [Double(below), 0], [.nan, 0], [.nan, .nan]])
        #expect(try model.predict(rows).values == [2.5, 0.5, 0.5, 0.5])
    }

    @Test func doublesAreRoundedToSinglesBeforeTheyAreCompared() throws {
        // 0.1 as a double lies below 0.1 as a single.
        #expect(0.1 < Double(Float(0.1)))
        #expect(try stumps([stump(below: 0.1)]).predict(Matrix([[0.1, 0]])).values == [1.5])
    }

    @Test func rowsInBlocksAreTheRowsAlone() throws {
        let fixture = try XGBoostFixture.named("squared")
        let model = try fixture.read().model
        let many = fixture.table.selecting(rows: (0..<300).map { $0 * 7 % 12 })
        let alone = try model.predict(fixture.table)
        #expect(try model.predict(many) == alone.selecting(rows: (0..<300).map { $0 * 7 % 12 }))
    }

    @Test func withoutTreesOrRows() throws {
        #expect(try stumps([]).predict(Matrix([[1, 2], [.nan, .nan]])).values == [0.5, 0.5])
        let none = try stumps([stump()]).predict(Matrix(rows: 0, columns: 2))
        #expect(none.rows == 0 && none.columns == 1)
    }

    @Test func theFirstRoundsAreAModel() throws {
        let model = stumps([stump(), stump(left: -10)])
        #expect(model.rounds == 2 && model.prefix(rounds: 1) == stumps([stump()]))
        #expect(model.prefix(rounds: 9) == model)
    }

    @Test(arguments: [Double.infinity, -.infinity, 1e39])
    func whatIsBeyondSinglesIsNamed(_ value: Double) {
        let error = #expect(throws: LearnError.self) {
            try stumps([stump()]).predict(Matrix([[0, 0], [0, value]]), songs: ["1.mp3", "2.mp3"])
        }
        #expect(
            error?.description
                == "The features contain \(value) in row 1 (2.mp3), column \"b\"; boosted trees use single "
                + "precision, whose largest value is about 3e38. Correct or rescale that column, or leave out that "
                + "song."
        )
        #expect(throws: LearnError.self) { try stumps([stump()]).contributions(Matrix([[value, 0]])) }
    }

    @Test func otherColumnsAreRefused() {
        #expect(throws: LearnError.columnMismatch(table: "features", columns: 3, expected: 2)) {
            try stumps([stump()]).predict(Matrix([[0, 0, 0]]))
        }
        #expect(throws: LearnError.columnMismatch(table: "features", columns: 1, expected: 2)) {
            try stumps([stump()]).contributions(Matrix([[0]]))
        }
    }
}
