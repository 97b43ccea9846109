import SentioLearn
import SentioNumerics
import Testing

@Suite struct RidgeLeaveOneOutTests {
    struct Content: Decodable {
        struct Case: Decodable {
            let x, y, errors: [[Double]]
            let best: [Double]
        }
        let grid: [Double]
        let cases: [Case]
    }

    @Test(arguments: 0..<2)
    func curveAndChoiceAreRidgeCVs(_ number: Int) throws {
        let fixture: Content = try Fixture.load("ridge_gcv")
        let expected = fixture.cases[number]
        let fit = try Ridge(alpha: .leaveOneOut(grid: fixture.grid)).fit(
            features: Matrix(expected.x), targets: Matrix(expected.y))
        let choice = try #require(fit.choice)
        let errors = choice.curve.meanSquaredError
        for target in 0..<2 { #expect(difference(errors.column(target).reversed(), expected.errors[target]) < 1e-8) }
        #expect(difference(fit.model.alphas, expected.best) < 1e-12)
    }

    @Test func itIsWhatLeavingOutEachSongGives() throws {
        let x = normalTable(15, 4, stream: 3), y = normalTable(15, 1, stream: 4)
        let choice = try Ridge(scaler: .none, alpha: .leaveOneOut(grid: [0.5, 0])).fit(features: x, targets: y).choice
        let curve = try #require(choice).curve.meanSquaredError
        let folds = CVFolds.given(Array(0..<15))
        let slow = try Ridge(scaler: .none, alpha: .chosen(grid: [0.5, 0], folds: folds)).fit(features: x, targets: y)
            .choice
        #expect(difference(curve, try #require(slow).curve.meanSquaredError) < 1e-10)
    }

    @Test func aSongThatCannotBeLeftOutRulesAlphaZeroOut() throws {
        let x = normalTable(6, 9, stream: 5), y = normalTable(6, 1, stream: 6)
        let fit = try Ridge(alpha: .leaveOneOut(grid: [0, 1])).fit(features: x, targets: y)
        #expect(fit.model.alphas == [1])
    }
}
