import SentioLearn
import SentioNumerics
import Testing

/// Tables that people really have.
@Suite struct RidgeHardInputTests {
    static let alphas: [RidgeAlpha] = [.fixed(1), .chosen(), .leaveOneOut()]

    /// Fits by both methods on the same table; every prediction must be a finite number.
    static func requireUsable(_ x: Matrix, _ y: Matrix) throws {
        for alpha in alphas {
            let fit = try Ridge(alpha: alpha).fit(features: x, targets: y)
            #expect(try fit.model.predict(x).values.allSatisfy(\.isFinite))
        }
        let fit = try SVR(grid: SVRGrid(cs: [1, 10], gammas: [.scale, .auto])).fit(features: x, targets: y)
        #expect(try fit.model.predict(x).values.allSatisfy(\.isFinite))
    }

    @Test func aConstantColumn() throws {
        var x = normalTable(20, 3, stream: 1)
        for row in 0..<20 { x[row, 1] = 0.1 }
        try Self.requireUsable(x, normalTable(20, 2, stream: 2))
    }

    @Test func onlyConstantColumnsPredictTheMeanOrMiddle() throws {
        let x = Matrix(rows: 12, columns: 2, repeating: 3), y = normalTable(12, 1, stream: 2)
        let prediction = try Ridge(alpha: .fixed(1)).fit(features: x, targets: y).model.predict(x)
        #expect(difference(prediction.values, [Double](repeating: y.values.reduce(0, +) / 12, count: 12)) < 1e-12)
        try Self.requireUsable(x, y)
    }

    @Test func constantRatings() throws {
        try Self.requireUsable(normalTable(12, 2, stream: 1), Matrix(rows: 12, columns: 2, repeating: 5))
    }

    @Test func moreFeaturesThanSongs() throws {
        try Self.requireUsable(normalTable(12, 40, stream: 1), normalTable(12, 2, stream: 2))
    }

    @Test func everySongTwice() throws {
        let x = normalTable(10, 3, stream: 1), y = normalTable(10, 2, stream: 2)
        let twice = Array(0..<10) + Array(0..<10)
        try Self.requireUsable(x.selecting(rows: twice), y.selecting(rows: twice))
    }

    @Test func oneSongIsTooFew() {
        let x = normalTable(1, 3, stream: 1), y = normalTable(1, 1, stream: 2)
        #expect(throws: LearnError.tooFewRows(method: "Ridge regression", rows: 1, needed: 2)) {
            try Ridge().fit(features: x, targets: y)
        }
        #expect(throws: LearnError.tooFewRows(method: "SVR", rows: 1, needed: 2)) {
            try SVR().fit(features: x, targets: y)
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func aValueThatIsNoneNamesRowAndColumn(_ value: Double) {
        let x = normalTable(8, 3, stream: 1), y = normalTable(8, 1, stream: 2)
        var badX = x, badY = y
        badX[5, 2] = value
        badY[6, 0] = value
        for (x, y, mention) in [(badX, y, "row 5 (s5), column \"c\""), (x, badY, "row 6 (s6), column \"valence\"")] {
            func text(_ fit: () throws -> Void) -> String {
                do { try fit() } catch { return "\(error)" }
                return "(nothing)"
            }
            let songs = (0..<8).map { "s\($0)" }, names = ["a", "b", "c"]
            #expect(
                text {
                    _ = try Ridge().fit(
                        features: x, targets: y, featureNames: names, targetNames: ["valence"], songs: songs)
                }.contains(
                    mention))
            #expect(
                text {
                    _ = try SVR().fit(
                        features: x, targets: y, featureNames: names, targetNames: ["valence"], songs: songs)
                }.contains(
                    mention))
        }
    }

    @Test(arguments: 0..<5)
    func theOrderOfSongsDoesNotMatter(_ seed: UInt64) throws {
        let x = normalTable(40, 5, stream: 10 + seed), y = normalTable(40, 2, stream: 20 + seed)
        var generator = Philox(key: seed)
        let order = generator.permutation(40)
        for alpha in [RidgeAlpha.fixed(0.3), .leaveOneOut()] {
            let one = try Ridge(alpha: alpha).fit(features: x, targets: y).model
            let other = try Ridge(alpha: alpha).fit(
                features: x.selecting(rows: order), targets: y.selecting(rows: order)
            ).model
            #expect(one.alphas == other.alphas)
            #expect(try difference(one.predict(x), other.predict(x)) < 1e-9)
        }
    }
}
