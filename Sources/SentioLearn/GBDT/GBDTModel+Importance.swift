extension GBDTModel {
    /// The use of every feature, in column order; features without a split are there with zeros.
    ///
    /// Gains are those of the training songs: a feature with many values has more splits to choose from, so a high gain
    /// is no proof of use on other songs (see `contributions` for what it does to predictions).
    ///
    /// - Parameter target: of one target's trees; nil: of all targets together, as XGBoost's `get_score`.
    /// - Precondition: `target` is one of the targets.
    public func importance(target: Int? = nil) -> [FeatureImportance] {
        precondition(target.map(targets.indices.contains) ?? true, "This target is none of the model's.")
        var result = features.map { FeatureImportance(feature: $0) }
        for tree in target.map({ ensembles[$0] }) ?? ensembles.flatMap({ $0 }) {
            for node in 0..<tree.nodeCount where !tree.isLeaf(node) {
                let feature = Int(tree.features[node])
                result[feature].weight += 1
                result[feature].totalGain += Double(tree.gains[node])
                result[feature].totalCover += Double(tree.covers[node])
            }
        }
        return result
    }
}
