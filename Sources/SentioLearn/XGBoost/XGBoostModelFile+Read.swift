import Foundation

extension XGBoostModelFile {
    /// Reads a model written by XGBoost or by `encode`. Memory is bounded by the size of the file.
    ///
    /// - Parameters:
    ///   - targets: names of the targets, or of the classes, if the file has none; default y0, y1, ...
    ///   - isOfClasses: whether a classifier is expected; a model of the other sort is refused.
    /// - Throws: `LearnError.damagedModel` if the bytes are not an XGBoost model or are inconsistent; `.foreignModel`
    ///   for unsupported models: other boosters and objectives, categorical splits, trees of several targets;
    ///   `.nameMismatch` for a wrong number of `targets`.
    public init(_ bytes: [UInt8], targets given: [String]? = nil, isOfClasses: Bool = false) throws {
        let learner = try XGBoostDocument.decode(bytes).learner
        var attributes = learner.attributes ?? [:]
        var features = try Self.features(learner)
        if let stored = attributes.removeValue(forKey: Self.featuresAttribute) {
            features = try Self.names(stored, Self.featuresAttribute, count: features.count)
        }
        var targetCount = try Self.count(learner.parameters.targetCount ?? "1", "num_target", in: 1...100_000)
        let classCount = try Self.count(learner.parameters.classCount ?? "0", "num_class", in: 0...Int(Int32.max))
        guard isOfClasses == (classCount > 1) else {
            throw LearnError.foreignModel(
                reason: isOfClasses
                    ? "it is no classifier of several classes"
                    : "it is a classifier; only regression models are supported")
        }
        let loss = try Self.loss(learner.objective)
        guard loss.isOfClasses == isOfClasses else {
            throw LearnError.damagedModel(
                reason: "its objective is \(learner.objective.name.prefix(40)), but its num_class is \(classCount)")
        }
        if isOfClasses {
            guard targetCount == 1, classCount <= GBDT.mostClasses else {
                throw LearnError.foreignModel(
                    reason:
                        "it has \(classCount) classes and \(targetCount) targets; a classifier has one target and at "
                        + "most \(GBDT.mostClasses) classes")
            }
            targetCount = classCount
        }
        let baseScores = try Self.baseScores(learner.parameters.baseScore, count: targetCount)
        var ensembles = [[RegressionTree]](repeating: [], count: targetCount)
        for (number, (target, tree)) in try Self.trees(learner.booster).enumerated() {
            guard ensembles.indices.contains(target) else {
                throw LearnError.damagedModel(
                    reason: "tree \(number) is for target \(target) of \(targetCount), counted from 0")
            }
            ensembles[target].append(try tree.tree(number: number, featureCount: features.count))
        }
        let stored = try attributes.removeValue(forKey: Self.targetsAttribute).map {
            try Self.names($0, Self.targetsAttribute, count: targetCount)
        }
        let targets = try TableChecks.names(stored ?? given, count: targetCount, prefix: "y", table: "targets")
        self.init(
            GBDTModel(features: features, targets: targets, loss: loss, baseScores: baseScores, ensembles: ensembles),
            attributes: attributes)
    }

    private static func count(_ text: String, _ name: String, in range: ClosedRange<Int>) throws(LearnError) -> Int {
        guard let count = Int(text), range.contains(count) else {
            throw .damagedModel(
                reason:
                    "its \(name) is \"\(text.prefix(20))\" but must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }

    private static func features(_ learner: XGBoostDocument.Learner) throws(LearnError) -> [String] {
        // Names are generated if there are none; the bound limits how many a file can cause.
        let count = try count(learner.parameters.featureCount, "num_feature", in: 1...1_000_000)
        guard let names = learner.featureNames, !names.isEmpty else { return (0..<count).map { "f\($0)" } }
        guard names.count == count else {
            throw .damagedModel(reason: "it names \(names.count) features, but its num_feature is \(count)")
        }
        guard Set(names).count == count else { throw .damagedModel(reason: "it names a feature twice") }
        return names
    }

    private static func names(_ text: String, _ attribute: String, count: Int) throws(LearnError) -> [String] {
        guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)), names.count == count else {
            throw .damagedModel(reason: "its attribute \(attribute) is not a JSON list of \(count) names")
        }
        return names
    }

    /// "5E-1" up to XGBoost 3.0, then "[4.9E0,4.8E0]".
    private static func baseScores(_ text: String, count: Int) throws(LearnError) -> [Float] {
        let isList = text.hasPrefix("[") && text.hasSuffix("]")
        let parts = (isList ? text.dropFirst().dropLast() : text[...]).split(
            separator: ",", omittingEmptySubsequences: false)
        let scores = parts.compactMap { Float($0.trimmingCharacters(in: .whitespaces)) }.filter(\.isFinite)
        guard scores.count == parts.count, scores.count == count || scores.count == 1 else {
            throw .damagedModel(
                reason: "its base_score is \"\(text.prefix(60))\" instead of \(count) finite numbers")
        }
        return scores.count == count ? scores : [Float](repeating: scores[0], count: count)
    }

    private static func loss(_ objective: XGBoostDocument.Objective) throws(LearnError) -> GBDTLoss {
        guard let loss = objective.loss else {
            let known = GBDTLoss.functions.map { $0.objectives[0] }.joined(separator: ", ")
            throw .foreignModel(
                reason: "its objective is \(objective.name.prefix(40)); supported objectives are \(known)")
        }
        return GBDTLoss(try loss.init(xgboost: objective.parameters))
    }

    /// The trees with their targets, in the order of their ids.
    private static func trees(_ booster: XGBoostDocument.Booster) throws(LearnError) -> [(
        target: Int, tree: XGBoostTree
    )] {
        let count = booster.trees.count
        guard booster.treeTargets.count == count, Int(booster.treeCount) == count else {
            throw .damagedModel(
                reason: "it has \(count) trees, but its num_trees is \(booster.treeCount.prefix(20)) and its tree_info "
                    + "has length \(booster.treeTargets.count)")
        }
        var ordered = [XGBoostTree?](repeating: nil, count: count)
        for tree in booster.trees {
            guard ordered.indices.contains(tree.id), ordered[tree.id] == nil else {
                throw .damagedModel(
                    reason: "it has a tree with the id \(tree.id), which is a duplicate or not below \(count)")
            }
            ordered[tree.id] = tree
        }
        return zip(booster.treeTargets, ordered).compactMap { target, tree in tree.map { (Int(target), $0) } }
    }
}
