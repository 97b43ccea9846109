import Foundation

/// The parts of XGBoost's JSON that determine the predictions of a model. Lengths are those of the arrays in the file,
/// never numbers that the file claims.
struct XGBoostDocument: Decodable {
    let learner: Learner

    struct Learner: Decodable {
        let attributes: [String: String]?
        let featureNames: [String]?
        let booster: Booster
        let parameters: Parameters
        let objective: Objective

        enum CodingKeys: String, CodingKey {
            case attributes, objective
            case featureNames = "feature_names"
            case booster = "gradient_booster"
            case parameters = "learner_model_param"
        }
    }

    struct Parameters: Decodable {
        let baseScore: String
        let classCount: String?
        let featureCount: String
        let targetCount: String?

        enum CodingKeys: String, CodingKey {
            case baseScore = "base_score"
            case classCount = "num_class"
            case featureCount = "num_feature"
            case targetCount = "num_target"
        }
    }

    struct Objective: Decodable {
        let name: String
        /// The loss of that name; nil for one that is not supported.
        let loss: (any BoostingLoss.Type)?
        /// The parameters of that loss.
        let parameters: [String: String]

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            let name = try container.decode(String.self, forKey: Key(stringValue: "name"))
            let loss = (GBDTLoss.functions + [SoftmaxLoss.self]).first { $0.objectives.contains(name) }
            self.name = name
            self.loss = loss
            parameters =
                try loss?.parametersKey.flatMap {
                    try container.decodeIfPresent([String: String].self, forKey: Key(stringValue: $0))
                } ?? [:]
        }
    }

    struct Booster: Decodable {
        let treeCount: String
        let treeTargets: [Int32]
        let trees: [XGBoostTree]

        private enum CodingKeys: String, CodingKey { case name, model }
        private enum ModelKeys: String, CodingKey {
            case parameters = "gbtree_model_param"
            case treeTargets = "tree_info"
            case trees
        }
        private enum ParameterKeys: String, CodingKey { case treeCount = "num_trees" }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let name = try container.decode(String.self, forKey: .name)
            guard name == "gbtree" else {
                throw LearnError.foreignModel(reason: "its booster is \(name.prefix(40)); only gbtree is supported")
            }
            let model = try container.nestedContainer(keyedBy: ModelKeys.self, forKey: .model)
            treeCount = try model.nestedContainer(keyedBy: ParameterKeys.self, forKey: .parameters)
                .decode(String.self, forKey: .treeCount)
            treeTargets = try model.decode([Int32].self, forKey: .treeTargets)
            trees = try model.decode([XGBoostTree].self, forKey: .trees)
        }
    }

    /// - Throws: `LearnError` for all invalid bytes.
    static func decode(_ bytes: [UInt8]) throws -> XGBoostDocument {
        do {
            return try JSONDecoder().decode(XGBoostDocument.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw LearnError.damagedModel(reason: reason(error))
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.reduce("") { text, key in
                text
                    + (key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? "" : ".") + String(key.stringValue.prefix(60)))
            }
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "it lacks \"\(place(context.codingPath + [key]))\", which XGBoost's JSON models have"
        case .typeMismatch(_, let context) where context.codingPath.isEmpty,
            .valueNotFound(_, let context) where context.codingPath.isEmpty:
            return "it is JSON, but not an XGBoost model"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "its \"\(place(context.codingPath))\" is not of the type that XGBoost writes"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            // On Linux, Foundation gives no details.
            return "it is not JSON as XGBoost writes it: truncated, damaged, or with an invalid number"
        case .dataCorrupted(let context):
            return
                "its \"\(place(context.codingPath))\" has an invalid value (\(context.debugDescription.prefix(160)))"
        @unknown default: return "it is not an XGBoost model in JSON"
        }
    }
}
