import Foundation
import SentioLearn
import SentioNumerics
import Testing

/// Splits, gains, covers and leaves are XGBoost's, on tables with fewer distinct values than bins.
@Suite struct GBDTTests {
    struct Content: Decodable {
        struct Made: Decodable {
            let x: [[Double?]]
            let y: [Double]
        }
        struct Tree: Decodable {
            let leftChildren, rightChildren, splitIndices: [Int32]
            let splitConditions, lossChanges, sumHessian: [Double]
            let defaultLeft: [Int]
        }
        struct Case: Decodable {
            let table: String
            let rounds: Int
            let settings: [String: String]
            let baseScore: Double
            let trees: [Tree]
            let predictions: [Double]
        }
        let tables: [String: Made]
        let cases: [Case]
    }

    let fixture: Content

    init() throws { fixture = try Fixture.load("boosting") }

    @Test(arguments: 0..<13) func treesAreXGBoosts(number: Int) throws {
        let expected = fixture.cases[number]
        let made = try #require(fixture.tables[expected.table])
        let x = Matrix(made.x.map { $0.map { $0 ?? .nan } })
        let fit = try options(expected).fit(features: x, targets: Matrix(column: made.y))
        #expect(difference([Double(fit.model.baseScores[0])], [expected.baseScore]) < 1e-6)
        for (tree, other) in zip(fit.model.ensembles[0], expected.trees) {
            #expect(tree.left == other.leftChildren)
            #expect(tree.right == other.rightChildren)
            guard tree.left == other.leftChildren else { continue }
            for node in tree.left.indices {
                let comment: Comment = "case \(number) node \(node) of \(expected.settings)"
                if !tree.isLeaf(node) {
                    #expect(tree.features[node] == other.splitIndices[node], comment)
                    #expect(tree.defaultLeft[node] == (other.defaultLeft[node] == 1), comment)
                    #expect(difference([Double(tree.gains[node])], [other.lossChanges[node]]) < 1e-5, comment)
                }
                // Where only missing values go right, XGBoost's threshold is a little above the largest value
                // (or below the smallest).
                if tree.isLeaf(node) {
                    #expect(difference([Double(tree.values[node])], [other.splitConditions[node]]) < 1e-5, comment)
                } else if tree.thresholds[node].magnitude < .greatestFiniteMagnitude {
                    #expect(Double(tree.thresholds[node]) == other.splitConditions[node], comment)
                }
                #expect(difference([Double(tree.covers[node])], [other.sumHessian[node]]) < 1e-5, comment)
            }
        }
        let predictions = GBDTTestKit.predict(fit.model, x).map(Double.init)
        #expect(difference(predictions, expected.predictions) < 1e-4, "case \(number)")
    }

    private func options(_ expected: Content.Case) throws -> GBDT {
        var options = GBDT()
        options.rounds = expected.rounds
        for (name, text) in expected.settings {
            let value = Double(text)
            switch name {
            case "eta": options.learningRate = try #require(value)
            case "max_depth": options.maxDepth = try #require(Int(text))
            case "max_leaves": options.maxLeaves = try #require(Int(text))
            case "reg_lambda": options.lambda = try #require(value)
            case "reg_alpha": options.alpha = try #require(value)
            case "min_split_loss": options.minSplitLoss = try #require(value)
            case "min_child_weight": options.minChildWeight = try #require(value)
            case "grow_policy": options.growth = .leafwise
            case "monotone_constraints":
                for (column, part) in text.dropFirst().dropLast().split(separator: ",").enumerated() {
                    options.monotone["f\(column)"] = Int(part)
                }
            case "objective":
                switch text {
                case "reg:absoluteerror": options.loss = .absolute
                case "reg:quantileerror":
                    options.loss = .quantile(alpha: try #require(Double(expected.settings["quantile_alpha"] ?? "")))
                case "reg:pseudohubererror":
                    options.loss = .huber(slope: try #require(Double(expected.settings["huber_slope"] ?? "")))
                default: break
                }
            default: break
            }
        }
        return options
    }
}
