extension GBDTModel {
    /// The importance of every feature, in column order; features without splits have zeros.
    ///
    /// Gains are measured on the training songs. A feature with many distinct values offers more splits, so a high gain
    /// does not prove that it helps on other songs (see `contributions` for its effect on predictions).
    ///
    /// - Parameter target: index of a target; nil for all targets together, as in XGBoost's `get_score`.
    /// - Precondition: `target` is a valid index.
    public func importance(target: Int? = nil) -> [FeatureImportance] {
        precondition(target.map(targets.indices.contains) ?? true, "The model does not have this target.")
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
