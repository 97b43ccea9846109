import SentioLearn
import SentioNumerics

/// What `tools/make_tree_fixtures.py` wrote: models of XGBoost and what it makes of them.
struct XGBoostFixture: Decodable, Sendable {
    let cases: [Case]

    struct Case: Decodable, Sendable, CustomStringConvertible {
        let name: String
        /// Rows x features; null: missing.
        let x: [[Double?]]
        /// The model file's text.
        let model: String
        /// Rows x targets.
        let predictions: [[Double]]
        /// Rows x targets x (features + 1).
        let contributions: [[[Double]]]
        /// `get_score` of each kind, in the order of the features.
        let importance: [String: [Double]]
        let deleted: Int
        let trees: Int

        var table: Matrix { Matrix(x.map { $0.map { $0 ?? .nan } }) }
        func read() throws -> XGBoostModelFile { try XGBoostModelFile(Array(model.utf8)) }
        var description: String { name }
    }

    static let cases = Result { try Fixture.load("xgboost", as: XGBoostFixture.self).cases }
    static let names = ["squared", "absolute", "huber", "quantile", "pruned", "chain"]

    static func named(_ name: String) throws -> Case {
        guard let found = try cases.get().first(where: { $0.name == name }) else {
            throw LearnError.empty(table: name, missing: "case")
        }
        return found
    }
}

/// A tree of one split: left below the threshold.
func stump(
    _ feature: Int32 = 0, below threshold: Float = 0, left: Float = -1, right: Float = 1, missing: Bool = true,
    gain: Float = 1,
    covers: [Float] = [4, 1, 3]
) -> RegressionTree {
    RegressionTree(
        features: [feature, -1, -1], thresholds: [threshold, 0, 0], defaultLeft: [missing, false, false],
        left: [1, -1, -1],
        right: [2, -1, -1], values: [0, left, right], gains: [gain, 0, 0], covers: covers)
}

func stumps(_ trees: [RegressionTree], features: [String] = ["a", "b"], loss: GBDTLoss = .squared) -> GBDTModel {
    GBDTModel(features: features, targets: ["y"], loss: loss, baseScores: [0.5], ensembles: [trees])
}
