import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct SVRTests {
    struct Content: Decodable {
        struct Case: Decodable {
            let kernel, gamma: String
            let c, epsilon, offset, intercept, objective: Double
            let coefficients, predictions: [Double]
            let iterations: Int

            var choice: SVRKernelChoice {
                let gamma: SVRGamma =
                    switch self.gamma {
                    case "scale": .scale
                    case "auto": .auto
                    default: .value(Double(self.gamma) ?? .nan)
                    }
                return switch kernel {
                case "linear": .linear
                case "poly": .polynomial(gamma: gamma, offset: offset)
                case "sigmoid": .sigmoid(gamma: gamma, offset: offset)
                default: .rbf(gamma: gamma)
                }
            }
        }
        let x, new: [[Double]]
        let y: [Double]
        let cases: [Case]
    }

    let fixture: Content
    let x: Matrix
    let y: Matrix
    let new: Matrix

    init() throws {
        fixture = try Fixture.load("svr")
        x = Matrix(fixture.x)
        y = Matrix(column: fixture.y)
        new = Matrix(fixture.new)
    }

    /// Kernel values are kept in single precision, as LIBSVM keeps them; the expected objective is computed in double.
    @Test(arguments: 0..<6)
    func solutionIsLIBSVMs(number: Int) throws {
        let expected = fixture.cases[number]
        let fit = try SVR(
            kernel: expected.choice, c: expected.c, epsilon: expected.epsilon, tolerance: 1e-9
        ).fit(features: x, targets: y)
        #expect(fit.runs[0].converged)
        #expect(difference([fit.runs[0].objective], [expected.objective]) < 1e-6)
        #expect(difference(try fit.model.predict(new).values, expected.predictions) < 1e-6)
        #expect(difference([fit.model.machines[0].intercept], [expected.intercept]) < 1e-6)
        let used = expected.coefficients.filter { $0 != 0 }
        #expect(difference(fit.model.machines[0].coefficients, used) < 1e-5)
    }

    /// The working sets are LIBSVM's: at its default tolerance the search takes as many steps. LIBSVM keeps kernel
    /// values in single precision, so paths part where many pairs are equally good (linear, rank 5).
    @Test(arguments: 0..<6)
    func stepsAreAsManyAsLIBSVMs(number: Int) throws {
        let expected = fixture.cases[number]
        let fit = try SVR(kernel: expected.choice, c: expected.c, epsilon: expected.epsilon).fit(
            features: x, targets: y)
        let allowed = max(6, expected.kernel == "linear" ? expected.iterations / 3 : expected.iterations / 20)
        #expect(
            (fit.runs[0].iterations - expected.iterations).magnitude <= allowed,
            "\(fit.runs[0].iterations) against \(expected.iterations)")
    }

    @Test func aTinyCacheGivesTheSameMachine() throws {
        for number in [0, 1, 4] {
            let expected = fixture.cases[number]
            for bytes in [0, 10 * 60 * 8] {
                let fit = try SVR(
                    kernel: expected.choice, c: expected.c, epsilon: expected.epsilon, tolerance: 1e-9,
                    cacheBytes: bytes
                ).fit(features: x, targets: y)
                #expect(difference([fit.runs[0].objective], [expected.objective]) < 1e-6)
                #expect(difference(try fit.model.predict(new).values, expected.predictions) < 1e-6)
            }
        }
    }

    @Test func theSizeOfTheCacheDoesNotChangeTheSolution() throws {
        let x = normalTable(150, 3, stream: 1)
        let noise = normalTable(150, 1, stream: 2)
        let y = Matrix(column: (0..<150).map { x[$0, 0] * x[$0, 1] + 0.3 * noise[$0, 0] })
        let fits = try [0, 5 * 150 * 8, 40 * 150 * 8, 100_000_000].map { bytes in
            try SVR(kernel: .rbf(gamma: .value(2)), c: 5, tolerance: 1e-6, cacheBytes: bytes).fit(
                features: x, targets: y)
        }
        for fit in fits {
            #expect(fit.runs[0].converged)
            #expect(difference([fit.runs[0].objective], [fits[3].runs[0].objective]) < 1e-9)
            #expect(difference(try fit.model.predict(x), try fits[3].model.predict(x)) < 1e-4)
        }
    }

    @Test func dualConstraintsHold() throws {
        for number in 0..<6 {
            let expected = fixture.cases[number]
            let fit = try SVR(kernel: expected.choice, c: expected.c, epsilon: expected.epsilon).fit(
                features: x, targets: y)
            let b = fit.model.machines[0].coefficients
            #expect(b.allSatisfy { $0.magnitude <= expected.c + 1e-12 })
            #expect(b.reduce(0, +).magnitude < 1e-10)
        }
    }

    @Test func orderOfRowsDoesNotMatter() throws {
        var generator = Philox(key: 1)
        let order = generator.permutation(60)
        let svr = SVR(tolerance: 1e-9)
        let first = try svr.fit(features: x, targets: y).model.predict(new)
        let second = try svr.fit(features: x.selecting(rows: order), targets: y.selecting(rows: order)).model.predict(
            new)
        #expect(difference(first, second) < 1e-7)
    }

    @Test func aWideTubeKeepsNoSupportVectors() throws {
        let fit = try SVR(epsilon: 100).fit(features: x, targets: y)
        #expect(fit.model.machines[0].vectors.rows == 0)
        let middle = ((fixture.y.max() ?? 0) + (fixture.y.min() ?? 0)) / 2
        #expect(difference(try fit.model.predict(new).values, [Double](repeating: middle, count: 6)) < 1e-12)
    }

    @Test func severalTargetsAreSeveralMachines() throws {
        let both = Matrix(rows: 60, columns: 2, values: (0..<60).flatMap { [fixture.y[$0], -fixture.y[$0]] })
        let fit = try SVR(tolerance: 1e-8).fit(features: x, targets: both, targetNames: ["valence", "arousal"])
        let prediction = try fit.model.predict(new)
        #expect(difference(prediction.column(0), prediction.column(1).map { -$0 }) < 1e-6)
    }

    /// A target in other units with its unit is the same machine, scaled.
    @Test func unitsScaleTheProblemOfEachTarget() throws {
        let both = Matrix(rows: 60, columns: 2, values: (0..<60).flatMap { [fixture.y[$0], 8 * fixture.y[$0]] })
        var svr = SVR(c: 2, epsilon: 0.2, tolerance: 1e-8)
        svr.targetUnits = [1, 8]
        let prediction = try svr.fit(features: x, targets: both).model.predict(new)
        #expect(difference(prediction.column(0).map { 8 * $0 }, prediction.column(1)) < 1e-6)
        svr.targetUnits = [1]
        #expect(throws: LearnError.nameMismatch(table: "targets", names: 1, columns: 2)) {
            try svr.fit(features: x, targets: both)
        }
    }

    @Test func badInputIsRefused() throws {
        for svr in [
            SVR(c: 0), SVR(c: .infinity), SVR(epsilon: -1), SVR(epsilon: .nan), SVR(tolerance: 0), SVR(cacheBytes: -1),
            SVR(kernel: .rbf(gamma: .value(0))), SVR(kernel: .polynomial(degree: 0)),
            SVR(kernel: .sigmoid(offset: .infinity)),
            SVR(scaler: .none, kernel: .polynomial(degree: 100, gamma: .value(1e9))),
        ] {
            #expect(throws: LearnError.self) { try svr.fit(features: x, targets: y) }
        }
        #expect(throws: LearnError.self) { try SVR().fit(features: x, targets: Matrix([[1]])) }
        #expect(throws: LearnError.self) { try SVR().fit(features: Matrix([[1]]), targets: Matrix([[1]])) }
        var bad = x
        bad[2, 1] = .nan
        #expect(throws: LearnError.self) { try SVR().fit(features: bad, targets: y) }
        #expect(throws: LearnError.self) { try SVR().fit(features: x, targets: y).model.predict(Matrix([[1]])) }
    }
}
