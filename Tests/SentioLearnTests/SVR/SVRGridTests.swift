import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct SVRGridTests {
    struct Content: Decodable {
        struct Point: Decodable {
            let target: Int
            let c, epsilon, error: Double
            let gamma: String
        }
        struct Best: Decodable {
            let c, epsilon: Double
            let gamma: String
            let predictions: [Double]
        }
        let x, y, new: [[Double]]
        let folds: [Int]
        let cs, epsilons: [Double]
        let gammas: [String]
        let points: [Point]
        let best: [Best]
    }

    @Test(arguments: [200_000_000, 0])
    func curveAndChoiceAreGridSearchCVs(_ bytes: Int) throws {
        let fixture: Content = try Fixture.load("svr_grid")
        let grid = SVRGrid(
            cs: fixture.cs, gammas: fixture.gammas.compactMap { SVRGamma(text: $0) }, epsilons: fixture.epsilons)
        let fit = try SVR(grid: grid, folds: .given(fixture.folds), tolerance: 1e-6, cacheBytes: bytes).fit(
            features: Matrix(fixture.x), targets: Matrix(fixture.y))
        let choice = try #require(fit.choice)
        #expect(choice.candidates.count == 18 && fixture.points.count == 36)
        for point in fixture.points {
            let wanted = try #require(SVRGamma(text: point.gamma))
            let place = try #require(
                choice.candidates.firstIndex { $0.c == point.c && $0.epsilon == point.epsilon && $0.gamma == wanted })
            #expect(difference([choice.curve.meanSquaredError[place, point.target]], [point.error]) < 1e-4)
        }
        let predictions = try fit.model.predict(Matrix(fixture.new))
        for (target, best) in fixture.best.enumerated() {
            let settings = fit.settings[target]
            #expect(
                settings.c == best.c && settings.epsilon == best.epsilon && settings.gamma.description == best.gamma)
            #expect(difference(predictions.column(target), best.predictions) < 1e-4)
        }
    }

    @Test func aGridOfOneIsAPlainFit() throws {
        let x = normalTable(30, 3, stream: 1), y = normalTable(30, 1, stream: 2)
        let plain = try SVR(kernel: .rbf(gamma: .auto), c: 2, epsilon: 0.2).fit(features: x, targets: y)
        let grid = try SVR(grid: SVRGrid(cs: [2], gammas: [.auto], epsilons: [0.2])).fit(features: x, targets: y)
        #expect(plain.model == grid.model && grid.choice == nil)
    }

    @Test func theLinearKernelIgnoresGamma() throws {
        let x = normalTable(30, 3, stream: 1), y = normalTable(30, 1, stream: 2)
        let fit = try SVR(kernel: .linear, grid: SVRGrid(cs: [1, 2], gammas: [.scale, .auto])).fit(
            features: x, targets: y)
        #expect(fit.choice?.candidates.count == 2)
    }

    @Test func theFirstOfEqualsIsTheSimpler() {
        let candidates = SVRGrid(cs: [10, 1, 10], gammas: [.auto, .auto], epsilons: [0.1, 0.5]).candidates
        #expect(candidates.map(\.c) == [1, 1, 10, 10] && candidates.map(\.epsilon) == [0.5, 0.1, 0.5, 0.1])
    }

    @Test func givingUpIsSaid() throws {
        let x = normalTable(40, 3, stream: 1), y = normalTable(40, 1, stream: 2)
        let fit = try SVR(c: 100, stepLimit: 3).fit(features: x, targets: y)
        #expect(fit.runs[0].converged == false && fit.runs[0].iterations == 3)
    }

    @Test func gammaIsAWordOrANumberInJSON() throws {
        let gammas = [SVRGamma.scale, .auto, .value(0.25)]
        let text = String(decoding: try JSONEncoder().encode(gammas), as: UTF8.self)
        #expect(text == #"["scale","auto",0.25]"#)
        #expect(try JSONDecoder().decode([SVRGamma].self, from: Data(text.utf8)) == gammas)
        #expect(throws: LearnError.self) { try JSONDecoder().decode([SVRGamma].self, from: Data(#"["wide"]"#.utf8)) }
    }
}
