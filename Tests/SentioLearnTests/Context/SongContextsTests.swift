import Foundation
import SentioLearn
import SentioNumerics
import Testing

/// Ridge and SVR with contexts against scikit-learn on columns, or on a kernel, that are written out
/// (`tools/make_context_fixtures.py`).
@Suite struct SongContextsTests {
    struct Content: Decodable {
        struct Point: Decodable {
            let slope: Double
            let offset, alpha, c: Double?
            let errors: [Double]
        }
        struct RidgeCase: Decodable {
            let x, y, new, predictions, chosen: [[Double]]
            let level, newLevel, folds: [Int]
            let slope, offset, alpha: Double
            let slopes, offsets, alphas: [Double]
            let curve: [Point]
        }
        struct SVRCase: Decodable {
            let kernel: String
            let x, y, new, predictions: [[Double]]
            let level, newLevel, folds: [Int]
            let slope, c, epsilon: Double
            let slopes, cs: [Double]
            let curve: [Point]
        }
        let ridge: [RidgeCase]
        let svr: [SVRCase]
    }

    let fixture: Content
    let levels = ["set 0", "set 1", "set 2"]

    init() throws {
        fixture = try Fixture.load("contexts")
    }

    private func contexts(_ codes: [Int]) -> SongContexts {
        SongContexts(codes.map { code -> String? in code < 0 ? nil : levels[code] }, levels: levels)
    }

    @Test func someRowsKeepTheirContexts() {
        let contexts = SongContexts(["b", nil, "a", "b"])
        #expect(contexts.selecting(rows: [3, 1]) == SongContexts(["b", nil]))
        #expect(contexts.selecting(rows: [2, 0]).levels == ["a", "b"])
    }

    @Test func levelsAreTheDistinctNamesInByteOrder() {
        let training = SongContexts(["b", "a", nil, "b"])
        #expect(training.levels == ["a", "b"] && training.codes == [1, 0, nil, 1])
        let others = SongContexts(["c", "b", nil], levels: training.levels)
        #expect(others.codes == [nil, 1, nil])
        #expect(SongContexts(["c", "b"]).codes(of: ["b", "x", "c"]) == [2, 0])
    }

    /// Fewer columns than songs in one case, more in the other.
    @Test(arguments: 0..<2)
    func ridgeIsScikitLearnsOnTheColumnsWrittenOut(number: Int) throws {
        let expected = fixture.ridge[number]
        let weights = ContextGrid(slopes: [expected.slope], offsets: [expected.offset])
        let fit = try Ridge(alpha: .fixed(expected.alpha), contextGrid: weights).fit(
            features: Matrix(expected.x), targets: Matrix(expected.y), contexts: contexts(expected.level))
        let predicted = try fit.model.predict(Matrix(expected.new), contexts: contexts(expected.newLevel))
        #expect(difference(predicted, Matrix(expected.predictions)) < 1e-9)
        #expect(fit.choice == nil && fit.model.alphas == [expected.alpha, expected.alpha])
        #expect(fit.model.context?.weights.map(\.slope) == [expected.slope, expected.slope])
    }

    @Test(arguments: 0..<2)
    func weightsAndAlphaAreChosenTogetherForEachTarget(number: Int) throws {
        let expected = fixture.ridge[number]
        let ridge = Ridge(
            alpha: .chosen(grid: expected.alphas, folds: .given(expected.folds)),
            contextGrid: ContextGrid(slopes: expected.slopes, offsets: expected.offsets))
        let fit = try ridge.fit(
            features: Matrix(expected.x), targets: Matrix(expected.y), contexts: contexts(expected.level))
        let choice = try #require(fit.choice)
        #expect(choice.grid == expected.curve.map { $0.alpha ?? .nan })
        #expect(choice.contexts?.map(\.slope) == expected.curve.map(\.slope))
        #expect(choice.contexts?.map(\.offset) == expected.curve.map { $0.offset ?? .nan })
        #expect(difference(choice.curve.meanSquaredError, Matrix(expected.curve.map(\.errors))) < 1e-9)
        let predicted = try fit.model.predict(Matrix(expected.new), contexts: contexts(expected.newLevel))
        #expect(difference(predicted, Matrix(expected.chosen)) < 1e-9)
    }

    @Test func anUnknownContextIsPredictedByTheCommonPart() throws {
        let expected = fixture.ridge[0]
        let model = try Ridge(
            alpha: .fixed(1), contextGrid: ContextGrid(slopes: [2], offsets: [0.3])
        ).fit(features: Matrix(expected.x), targets: Matrix(expected.y), contexts: contexts(expected.level)).model
        let new = Matrix(expected.new), count = new.rows
        let strangers = SongContexts([String?](repeating: "another", count: count))
        let common = try model.predict(new)
        #expect(try model.predict(new, contexts: strangers) == common)
        #expect(try model.predict(new, contexts: contexts([Int](repeating: -1, count: count))) == common)
        #expect(try model.predict(new, contexts: contexts([Int](repeating: 1, count: count))) != common)
    }

    @Test func weightsOfZeroAreRidgeWithoutContexts() throws {
        for expected in fixture.ridge {
            let x = Matrix(expected.x), y = Matrix(expected.y), new = Matrix(expected.new)
            let plain = try Ridge(alpha: .fixed(3)).fit(features: x, targets: y).model
            let zero = try Ridge(alpha: .fixed(3), contextGrid: ContextGrid(slopes: [0], offsets: [0])).fit(
                features: x, targets: y, contexts: contexts(expected.level)
            ).model
            #expect(
                difference(try zero.predict(new, contexts: contexts(expected.newLevel)), try plain.predict(new)) < 1e-9)
        }
    }

    @Test func leaveOneOutIsTheErrorOfLeavingOutEachSong() throws {
        let x = normalTable(14, 3, stream: 5), y = normalTable(14, 1, stream: 6)
        let codes = (0..<14).map { $0 % 3 }, grid = ContextGrid(slopes: [1], offsets: [0.5])
        let fit = try Ridge(scaler: .none, alpha: .leaveOneOut(grid: [2]), contextGrid: grid).fit(
            features: x, targets: y, contexts: contexts(codes))
        var sum = 0.0
        for song in 0..<14 {
            let rest = (0..<14).filter { $0 != song }
            let model = try Ridge(scaler: .none, alpha: .fixed(2), contextGrid: grid).fit(
                features: x.selecting(rows: rest), targets: y.selecting(rows: rest),
                contexts: contexts(rest.map { codes[$0] })
            ).model
            let predicted = try model.predict(x.selecting(rows: [song]), contexts: contexts([codes[song]]))
            sum += (predicted[0, 0] - y[song, 0]) * (predicted[0, 0] - y[song, 0])
        }
        #expect(abs(try #require(fit.choice).curve.meanSquaredError[0, 0] - sum / 14) < 1e-9)
    }

    @Test func aModelWithoutContextsIsStoredAsBefore() throws {
        let expected = fixture.ridge[1], x = Matrix(expected.x), y = Matrix(expected.y)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let plain = try Ridge(alpha: .chosen(folds: .given(expected.folds))).fit(features: x, targets: y)
        #expect(!String(decoding: try encoder.encode(plain), as: UTF8.self).contains("context"))
        let fit = try Ridge(alpha: .chosen(folds: .given(expected.folds))).fit(
            features: x, targets: y, contexts: contexts(expected.level))
        #expect(try JSONDecoder().decode(RidgeFit.self, from: try encoder.encode(fit)) == fit)
        #expect(try JSONDecoder().decode(RidgeFit.self, from: try encoder.encode(plain)) == plain)
        let machines = try SVR().fit(features: x, targets: y)
        let text = String(decoding: try encoder.encode(machines.settings), as: UTF8.self)
        #expect(text == #"[{"c":1,"epsilon":0.1,"gamma":"scale"},{"c":1,"epsilon":0.1,"gamma":"scale"}]"#)
        #expect(!String(decoding: try encoder.encode(machines.model), as: UTF8.self).contains("context"))
    }

    private func kernel(_ expected: Content.SVRCase) -> SVRKernelChoice {
        expected.kernel == "linear" ? .linear : .rbf()
    }

    @Test(arguments: 0..<2)
    func machinesAreScikitLearnsOnTheKernelWrittenOut(number: Int) throws {
        let expected = fixture.svr[number]
        let svr = SVR(
            kernel: kernel(expected),
            grid: SVRGrid(cs: [expected.c], epsilons: [expected.epsilon], slopes: [expected.slope]), tolerance: 1e-7)
        let model = try svr.fit(
            features: Matrix(expected.x), targets: Matrix(expected.y), contexts: contexts(expected.level)
        ).model
        let predicted = try model.predict(Matrix(expected.new), contexts: contexts(expected.newLevel))
        #expect(difference(predicted, Matrix(expected.predictions)) < 1e-4)
        // They remain LIBSVM's: its text has all that a machine needs.
        let machines = try model.machines.map {
            try SupportVectorMachine(libsvmText: $0.libsvmText, featureCount: model.columns)
        }
        let back = try SVRModel(
            features: model.features, targets: model.targets, scaler: model.scaler, machines: machines,
            context: model.context)
        #expect(back == model)
    }

    @Test(arguments: 0..<2)
    func slopesAreChosenWithTheOtherSettings(number: Int) throws {
        let expected = fixture.svr[number]
        let svr = SVR(
            kernel: kernel(expected),
            grid: SVRGrid(cs: expected.cs, epsilons: [expected.epsilon], slopes: expected.slopes),
            folds: .given(expected.folds), tolerance: 1e-7)
        let fit = try svr.fit(
            features: Matrix(expected.x), targets: Matrix(expected.y), contexts: contexts(expected.level))
        let choice = try #require(fit.choice)
        #expect(choice.candidates.map { $0.slope ?? .nan } == expected.curve.map(\.slope))
        #expect(difference(choice.curve.meanSquaredError, Matrix(expected.curve.map(\.errors))) < 1e-4)
        for target in 0..<2 {
            let best = expected.curve.min { $0.errors[target] < $1.errors[target] }
            #expect(fit.settings[target].slope == best?.slope && fit.settings[target].c == best?.c)
            #expect(fit.model.context?.slopes[target] == best?.slope)
        }
    }

    @Test func whatDoesNotFitIsASentence() throws {
        let x = normalTable(10, 2, stream: 1), y = normalTable(10, 1, stream: 2)
        let few = contexts([0, 1]), all = contexts((0..<10).map { $0 % 2 })
        #expect(throws: LearnError.rowMismatch(first: "features", firstRows: 10, second: "contexts", secondRows: 2)) {
            try Ridge().fit(features: x, targets: y, contexts: few)
        }
        #expect(throws: LearnError.badParameter(name: "alpha", value: "0.0", allowed: "positive with a context")) {
            try Ridge(alpha: .chosen(grid: [0, 1])).fit(features: x, targets: y, contexts: all)
        }
        #expect(throws: LearnError.self) { try Ridge(alpha: .fixed(1)).fit(features: x, targets: y, contexts: all) }
        #expect(throws: LearnError.self) { try SVR().fit(features: x, targets: y, contexts: all) }
        #expect(throws: LearnError.self) { try SVR(grid: SVRGrid(slopes: [1])).fit(features: x, targets: y) }
        let model = try Ridge().fit(features: x, targets: y, contexts: all).model
        #expect(throws: LearnError.self) { try model.predict(x, contexts: few) }
    }
}
