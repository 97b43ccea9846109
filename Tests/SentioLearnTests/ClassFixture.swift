import SentioNumerics

/// What `tools/make_class_fixtures.py` wrote: classifiers of XGBoost and scores of scikit-learn.
struct ClassFixture: Decodable, Sendable {
    let boosting: [Boosting]
    let scores: [Scores]
    let mcnemar: [Test]

    struct Boosting: Decodable, Sendable {
        let name: String
        /// Rows x features; null: missing.
        let x: [[Double?]]
        let y: [Int]
        let classes: Int
        let rounds: Int
        let settings: [String: String]
        let baseScores: [Double]
        /// The mean cross-entropy after each round.
        let losses: [Double]
        /// The model file's text.
        let model: String
        let new: [[Double?]]
        /// Probabilities of the training rows and of the new ones.
        let fitted: [[Double]]
        let predicted: [[Double]]
        /// Total gain of each feature.
        let gains: [String: Double]

        var table: Matrix { Self.matrix(x) }
        var newTable: Matrix { Self.matrix(new) }
        private static func matrix(_ x: [[Double?]]) -> Matrix { Matrix(x.map { $0.map { $0 ?? .nan } }) }
    }

    struct Scores: Decodable, Sendable {
        let name: String
        let truth: [Int]
        let probabilities: [[Double]]
        let confusion: [[Int]]
        let accuracy: Double
        let balancedAccuracy: Double
        let macroF1: Double
        let logLoss: Double
        let precision: [Double]
        let recall: [Double]
        let f1: [Double]
        let support: [Int]
    }

    struct Test: Decodable, Sendable {
        let first: Int
        let second: Int
        let p: Double
    }

    static func load() throws -> ClassFixture { try Fixture.load("classes") }
}
