import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct StackingTests {
    struct Content: Decodable {
        struct Problem: Decodable {
            let a: [[Double]]
            let b, weights: [Double]
        }
        let problems: [Problem]
        let truth, convex: [[Double]]
        let bases: [[[Double]]]
    }

    let fixture: Content

    init() throws { fixture = try Fixture.load("stacking") }

    @Test(arguments: 0..<5)
    func nonNegativeLeastSquaresIsScipys(number: Int) throws {
        let problem = fixture.problems[number]
        #expect(difference(try NonNegativeLeastSquares.solve(Matrix(problem.a), problem.b), problem.weights) < 1e-10)
    }

    @Test func theWeightsAreTheBestOnesThatSumToOne() throws {
        let model = try fit(.nonnegative)
        for target in 0..<2 {
            #expect(difference(Array(model.weights.row(target)), fixture.convex[target]) < 1e-5)
            #expect(abs(model.weights.row(target).reduce(0, +) - 1) < 1e-12)
        }
        #expect(model.intercepts == [0, 0])
    }

    /// Ratings on 1...9 and on -1...1 are the same ratings.
    @Test func theWeightsDoNotDependOnTheRatingScale() throws {
        func moved(_ rows: [[Double]]) -> Matrix { Matrix(rows.map { $0.map { ($0 - 5) / 4 } }) }
        let other = try Stacking().fit(
            predictions: fixture.bases.map(moved), truth: moved(fixture.truth), bases: ["a", "b", "c", "d"])
        #expect(difference(other.weights, try fit(.nonnegative).weights) < 1e-9)
    }

    @Test func equalBasesShareNothingTwiceAndAPerfectOneTakesAll() throws {
        let truth = Matrix(fixture.truth), base = Matrix(fixture.bases[0])
        let twins = try Stacking().fit(predictions: [base, base], truth: truth, bases: ["a", "b"])
        #expect(difference(try twins.predict([base, base]), base) < 1e-12)
        let perfect = try Stacking().fit(predictions: [base, truth], truth: truth, bases: ["a", "b"])
        #expect(difference(try perfect.predict([base, truth]), truth) < 1e-9)
        let all = try Stacking().fit(predictions: [truth, truth], truth: truth, bases: ["a", "b"])
        #expect(all.weights.values == [0.5, 0.5, 0.5, 0.5])
    }

    @Test func theMeanIsTheMean() throws {
        let model = try fit(.mean)
        #expect(model.weights.values.allSatisfy { $0 == 0.25 })
        let bases = fixture.bases.map { Matrix($0) }
        #expect(abs(try model.predict(bases)[3, 1] - bases.reduce(0) { $0 + $1[3, 1] } / 4) < 1e-12)
    }

    @Test func ridgeIsRidgeOnTheBasesPredictions() throws {
        let bases = fixture.bases.map { Matrix($0) }, model = try fit(.ridge)
        let table = Matrix(fixture.truth.indices.map { row in bases.map { $0[row, 1] } })
        let plain = try Ridge().fit(features: table, targets: Matrix(column: Matrix(fixture.truth).column(1)))
        #expect(model.alphas?[1] == plain.model.alphas[0])
        #expect(difference(try model.predict(bases).column(1), try plain.model.predict(table).values) < 1e-10)
    }

    @Test func aModelSurvivesItsFile() throws {
        let model = try fit(.ridge)
        #expect(try JSONDecoder().decode(StackingModel.self, from: JSONEncoder().encode(model)) == model)
    }

    @Test func whatCannotBeStackedIsASentence() throws {
        let truth = Matrix(fixture.truth), base = Matrix(fixture.bases[0])
        func sentence(_ predictions: [Matrix], _ names: [String]) -> String {
            do {
                _ = try Stacking().fit(predictions: predictions, truth: truth, bases: names)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(sentence([], []).contains("have no columns"))
        #expect(sentence([base], ["a", "b"]).contains("2 names"))
        #expect(sentence([base.selecting(rows: [0, 1])], ["a"]).contains("rows"))
        #expect(sentence([base, base.selecting(rows: [0, 1])], ["a", "b"]).contains("rows"))
        var broken = base
        broken[2, 1] = .nan
        #expect(sentence([base, broken], ["a", "b"]).contains("\"b\""))
        #expect(throws: LearnError.self) { try fit(.mean).predict([base]) }
        #expect(throws: LearnError.self) { try NonNegativeLeastSquares.solve(base, [1]) }
    }

    private func fit(_ method: Stacking.Method) throws -> StackingModel {
        try Stacking(method: method).fit(
            predictions: fixture.bases.map { Matrix($0) }, truth: Matrix(fixture.truth), bases: ["a", "b", "c", "d"],
            targets: ["valence", "arousal"])
    }
}
