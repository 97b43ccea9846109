/// XGBoost's JSON model (`Booster.save_model("model.json")`), the file format of boosted trees.
///
/// What is written is version 3.2's form: `Booster.load_model` reads it and predicts the same bits, names included. One
/// ensemble a target (`one_output_per_tree`), `base_score` one a target. Every number reads back as the same single.
/// What is read: gbtree boosters with numeric splits of XGBoost 1.0 to 3.2, for the losses of `GBDTLoss`.
///
/// XGBoost has no names of targets: they are the learner's attribute `sentio_targets`, a JSON list; without it y0, y1,
/// … Its Python package refuses features named with `[`, `]` or `<`, or twice: then `feature_names` holds names that it
/// takes, and the attribute `sentio_features` ours. Equal models are equal bytes.
public struct XGBoostModelFile: Sendable, Equatable {
    /// All trees of the file, as `Booster.predict` uses them, also those after `best_iteration`.
    public let model: GBDTModel
    /// The learner's attributes, such as `best_iteration` and `best_score`; not those that hold names of ours.
    public let attributes: [String: String]

    public init(_ model: GBDTModel, attributes: [String: String] = [:]) {
        self.model = model
        self.attributes = attributes
    }

    /// Boosting rounds up to the best, where early stopping left `best_iteration` (counted from 0).
    public var bestRounds: Int? {
        attributes["best_iteration"].flatMap(Int.init).flatMap { (0..<model.rounds).contains($0) ? $0 + 1 : nil }
    }

    static let targetsAttribute = "sentio_targets"
    static let featuresAttribute = "sentio_features"
    static let version = [3, 2, 0]

    /// The features under names that XGBoost's Python package takes: themselves, where it does.
    static func accepted(_ features: [String]) -> [String] {
        var taken = Set(features)
        var seen: Set<String> = []
        return features.map { feature in
            let isTaken = !seen.insert(feature).inserted
            guard isTaken || feature.contains(where: { "[]<".contains($0) }) else { return feature }
            var name = feature.replacing("[", with: "(").replacing("]", with: ")").replacing("<", with: "_")
            while !taken.insert(name).inserted { name += "_" }
            return name
        }
    }
}
