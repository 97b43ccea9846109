/// The file format of boosted trees: XGBoost's JSON model (`Booster.save_model("model.json")`).
///
/// Writing: the format of version 3.2, which `Booster.load_model` reads with all names and which predicts the same
/// bits. It has one ensemble and one `base_score` per target (`one_output_per_tree`). Every number reads back as the
/// same `Float`, and equal models give equal bytes. Reading: gbtree boosters with numeric splits from XGBoost 1.0 to
/// 3.2, for the losses of `GBDTLoss`, and classifiers (`multi:softprob`), whose targets are the classes.
///
/// XGBoost does not store names of targets; they are in the learner's attribute `sentio_targets`, a JSON list. Its
/// Python package rejects duplicate feature names and those with `[`, `]` or `<`. In this case `feature_names` holds
/// names that it accepts, and the attribute `sentio_features` the original ones.
public struct XGBoostModelFile: Sendable, Equatable {
    /// All trees of the file, including those after `best_iteration`, as `Booster.predict` uses them.
    public let model: GBDTModel
    /// The attributes of the learner, such as `best_iteration` and `best_score`, without those that hold names.
    public let attributes: [String: String]

    /// A file to be written.
    public init(_ model: GBDTModel, attributes: [String: String] = [:]) {
        self.model = model
        self.attributes = attributes
    }

    /// The number of rounds up to the best one, if early stopping stored `best_iteration` (counted from 0).
    public var bestRounds: Int? {
        attributes["best_iteration"].flatMap(Int.init).flatMap { (0..<model.rounds).contains($0) ? $0 + 1 : nil }
    }

    static let targetsAttribute = "sentio_targets"
    static let featuresAttribute = "sentio_features"
    static let version = [3, 2, 0]

    /// The names of features, changed only where XGBoost's Python package would reject them.
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
