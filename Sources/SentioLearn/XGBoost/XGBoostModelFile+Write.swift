extension XGBoostModelFile {
    /// The bytes of the file, with keys in alphabetical order, as XGBoost writes them.
    public func encode() -> [UInt8] {
        var json = JSONText()
        json.raw("{\"learner\":{\"attributes\":{")
        writeAttributes(&json)
        json.raw("},\"feature_names\":")
        json.list(Self.accepted(model.features)) { $0.string($1) }
        json.raw(",\"feature_types\":")
        json.list(model.features) { json, _ in json.raw("\"float\"") }
        json.raw(",\"gradient_booster\":{\"model\":{\"cats\":{\"enc\":[],\"feature_segments\":[],\"sorted_idx\":[]},")
        writeTrees(&json)
        json.raw("},\"name\":\"gbtree\"},\"learner_model_param\":{\"base_score\":")
        json.string("[" + model.baseScores.map { "\($0)" }.joined(separator: ",") + "]")
        let count = model.targets.count, isOfClasses = model.loss.isOfClasses
        json.raw(",\"boost_from_average\":\"1\",\"num_class\":\"\(isOfClasses ? count : 0)\"")
        json.raw(",\"num_feature\":\"\(model.features.count)\"")
        json.raw(",\"num_target\":\"\(isOfClasses ? 1 : count)\"},\"objective\":{")
        writeObjective(&json)
        json.raw("}},\"version\":")
        json.list(Self.version) { $0.raw("\($1)") }
        json.raw("}\n")
        return json.bytes
    }

    private func writeAttributes(_ json: inout JSONText) {
        func list(_ names: [String]) -> String {
            var text = JSONText()
            text.list(names) { $0.string($1) }
            return String(decoding: text.bytes, as: UTF8.self)
        }
        var all = attributes
        all[Self.targetsAttribute] = list(model.targets)
        if Self.accepted(model.features) != model.features { all[Self.featuresAttribute] = list(model.features) }
        json.members(all)
    }

    private func writeObjective(_ json: inout JSONText) {
        let loss = model.loss.function, kind = type(of: loss)
        json.raw("\"name\":")
        json.string(kind.objectives[0])
        guard let key = kind.parametersKey else { return }
        json.raw(",")
        json.string(key)
        json.raw(":{")
        json.members(loss.xgboostParameters(targets: model.targets.count))
        json.raw("}")
    }

    /// Round after round, the targets in order within each.
    private func writeTrees(_ json: inout JSONText) {
        var trees: [(target: Int, tree: RegressionTree)] = []
        var ends: [Int32] = [0]
        for round in 0..<model.rounds {
            for target in model.targets.indices where round < model.ensembles[target].count {
                trees.append((target, model.ensembles[target][round]))
            }
            ends.append(Int32(trees.count))
        }
        json.raw("\"gbtree_model_param\":{\"num_parallel_tree\":\"1\",\"num_trees\":\"\(trees.count)\"},")
        json.numbers("iteration_indptr", ends)
        json.raw(",")
        json.numbers("tree_info", trees.map { Int32($0.target) })
        json.raw(",\"trees\":")
        json.list(trees.enumerated()) { json, tree in
            write(tree.element.tree, id: tree.offset, &json)
        }
    }

    private func write(_ tree: RegressionTree, id: Int, _ json: inout JSONText) {
        let nodes = 0..<tree.nodeCount
        var parents = [Int32](repeating: .max, count: tree.nodeCount)
        for node in nodes where !tree.isLeaf(node) {
            parents[Int(tree.left[node])] = Int32(node)
            parents[Int(tree.right[node])] = Int32(node)
        }
        json.raw("{")
        json.singles("base_weights", tree.values)
        json.raw(",\"categories\":[],\"categories_nodes\":[],\"categories_segments\":[],\"categories_sizes\":[],")
        json.numbers("default_left", tree.defaultLeft.map { $0 ? 1 : 0 })
        json.raw(",\"id\":\(id),")
        json.numbers("left_children", tree.left)
        json.raw(",")
        json.singles("loss_changes", tree.gains)
        json.raw(",")
        json.numbers("parents", parents)
        json.raw(",")
        json.numbers("right_children", tree.right)
        json.raw(",")
        json.singles("split_conditions", nodes.map { tree.isLeaf($0) ? tree.values[$0] : tree.thresholds[$0] })
        json.raw(",")
        json.numbers("split_indices", nodes.map { tree.isLeaf($0) ? 0 : tree.features[$0] })
        json.raw(",")
        json.numbers("split_type", nodes.map { _ in 0 })
        json.raw(",")
        json.singles("sum_hessian", tree.covers)
        json.raw(",\"tree_param\":{\"num_deleted\":\"0\",\"num_feature\":\"\(model.features.count)\"")
        json.raw(",\"num_nodes\":\"\(tree.nodeCount)\",\"size_leaf_vector\":\"1\"}}")
    }
}
