import SentioLearn
import SentioNumerics
import Testing

@Suite struct RidgeTests {
    struct Content: Decodable {
        struct Case: Decodable {
            let alpha: Double
            let x, y, new, coefficients, rawCoefficients, predictions: [[Double]]
            let intercepts, rawIntercepts: [Double]
        }
        struct Search: Decodable {
            let x, y, curve: [[Double]]
            let folds: [Int]
            let grid, best: [Double]
        }
        let cases: [Case]
        let search: Search
    }

    let fixture: Content

    init() throws {
        fixture = try Fixture.load("ridge")
    }

    @Test(arguments: 0..<5)
    func coefficientsAreScikitLearns(number: Int) throws {
        let expected = fixture.cases[number]
        let model = try Ridge(alpha: .fixed(expected.alpha)).fit(
            features: Matrix(expected.x), targets: Matrix(expected.y)
        ).model
        #expect(relativeDifference(model.coefficients, expected.coefficients) < 1e-8)
        #expect(difference(model.intercepts, expected.intercepts) < 1e-11)
        let raw = try #require(model.unscaled)
        #expect(relativeDifference(raw.coefficients, expected.rawCoefficients) < 1e-8)
        #expect(difference(raw.intercepts, expected.rawIntercepts) < 1e-10)
        #expect(difference(try model.predict(Matrix(expected.new)), Matrix(expected.predictions)) < 1e-10)
        #expect(model.alphas == [expected.alpha, expected.alpha])
    }

    @Test func chosenAlphasAndTheirCurveAreScikitLearns() throws {
        let search = fixture.search
        let fit = try Ridge(alpha: .chosen(folds: .given(search.folds))).fit(
            features: Matrix(search.x), targets: Matrix(search.y))
        let choice = try #require(fit.choice)
        #expect(difference(choice.grid.reversed(), search.grid) < 1e-14)
        for target in 0..<2 {
            #expect(difference(choice.curve.meanSquaredError.column(target).reversed(), search.curve[target]) < 1e-10)
        }
        #expect(difference(fit.model.alphas, search.best) < 1e-14)
        #expect(fit.model.alphas[0] != fit.model.alphas[1])
        // The final fit is the fit with those alphas.
        let alone = try Ridge(alpha: .fixed(fit.model.alphas[1])).fit(
            features: Matrix(search.x), targets: Matrix(search.y))
        #expect(fit.model.coefficients.row(1) == alone.model.coefficients.row(1))
    }

    @Test func orderOfRowsDoesNotMatter() throws {
        let search = fixture.search
        let (x, y) = (Matrix(search.x), Matrix(search.y))
        for seed in 0..<5 {
            var generator = Philox(key: UInt64(seed))
            let order = generator.permutation(x.rows)
            let first = try Ridge(alpha: .chosen(folds: .given(search.folds))).fit(features: x, targets: y).model
            let second = try Ridge(alpha: .chosen(folds: .given(order.map { search.folds[$0] }))).fit(
                features: x.selecting(rows: order), targets: y.selecting(rows: order)
            ).model
            #expect(first.alphas == second.alphas)
            #expect(difference(first.coefficients, second.coefficients) < 1e-11)
        }
    }

    @Test func primalAndDualMeetWhereFeaturesOvertakeRows() throws {
        // The same problem with a column of zeros added turns the primal form into the dual.
        let x = normalTable(20, 20, stream: 1)
        let y = normalTable(20, 1, stream: 2)
        let wide = Matrix(rows: 20, columns: 21, values: (0..<20).flatMap { Array(x.row($0)) + [0] })
        let primal = try Ridge(scaler: .none, alpha: .fixed(0.3)).fit(features: x, targets: y).model
        let dual = try Ridge(scaler: .none, alpha: .fixed(0.3)).fit(features: wide, targets: y).model
        #expect(difference(primal.coefficients.values + [0], dual.coefficients.values) < 1e-11)
    }

    @Test func targetsDoNotTouchEachOther() throws {
        let x = normalTable(30, 4, stream: 3)
        let y = normalTable(30, 3, stream: 4)
        let together = try Ridge().fit(features: x, targets: y).model
        for target in 0..<3 {
            let alone = try Ridge().fit(features: x, targets: y.selecting(columns: [target])).model
            #expect(alone.alphas == [together.alphas[target]])
            #expect(difference(Array(together.coefficients.row(target)), alone.coefficients.values) < 1e-12)
        }
    }

    /// The trap of small tables: a column that hardly moves in training and jumps in the test songs.
    @Test func robustScalingSurvivesANearlyConstantColumn() throws {
        var x = normalTable(80, 6, stream: 5)
        for row in 0..<80 { x[row, 5] = row == 3 ? 1.001 : 1 }
        let noise = normalTable(80, 1, stream: 6)
        let y = Matrix(column: (0..<80).map { x[$0, 0] + 0.3 * noise[$0, 0] + (($0 == 3) ? 2 : 0) })
        var test = normalTable(40, 6, stream: 7)
        for row in 0..<40 { test[row, 5] = row == 0 ? 1.5 : 1 }
        let truth = Matrix(column: test.column(0))
        func r2(_ scaler: ScalerMethod) throws -> Double {
            let model = try Ridge(scaler: scaler, alpha: .fixed(1)).fit(features: x, targets: y).model
            return try RegressionReport(truth: truth, prediction: model.predict(test)).mean.r2
        }
        #expect(try r2(.standard) < -8)
        #expect(try r2(.robust()) > 0.8)
        // Sign-log only softens the jump: much better than standard, no longer good.
        #expect(try r2(.signLog) > -1)
        #expect(try r2(.quantile()) > 0.5)
    }

    @Test func aConstantColumnGetsNoWeight() throws {
        var x = normalTable(20, 3, stream: 8)
        for row in 0..<20 { x[row, 1] = 0.1 }
        for method in [ScalerMethod.none, .standard, .robust(), .signLog, .quantile()] {
            let model = try Ridge(scaler: method, alpha: .fixed(0.1)).fit(
                features: x, targets: normalTable(20, 1, stream: 9)
            ).model
            #expect(model.coefficients[0, 1] == 0, "\(method)")
        }
    }
}
