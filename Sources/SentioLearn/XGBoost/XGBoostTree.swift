/// One tree in XGBoost's JSON.
struct XGBoostTree: Decodable {
    let id: Int
    private let left: [Int32]
    private let right: [Int32]
    private let parents: [Int32]
    private let splitIndices: [Int32]
    private let splitConditions: [Float]
    private let splitTypes: [Int32]
    private let defaultLeft: [Bool]
    private let baseWeights: [Float]
    private let gains: [Float]
    private let covers: [Float]
    private let nodeCount: String
    private let deletedCount: String
    private let leafSize: String

    private enum CodingKeys: String, CodingKey {
        case id, parents
        case left = "left_children"
        case right = "right_children"
        case splitIndices = "split_indices"
        case splitConditions = "split_conditions"
        case splitTypes = "split_type"
        case defaultLeft = "default_left"
        case baseWeights = "base_weights"
        case gains = "loss_changes"
        case covers = "sum_hessian"
        case parameters = "tree_param"
    }

    private enum ParameterKeys: String, CodingKey {
        case nodeCount = "num_nodes"
        case deletedCount = "num_deleted"
        case leafSize = "size_leaf_vector"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let parameters = try container.nestedContainer(keyedBy: ParameterKeys.self, forKey: .parameters)
        nodeCount = try parameters.decode(String.self, forKey: .nodeCount)
        deletedCount = try parameters.decodeIfPresent(String.self, forKey: .deletedCount) ?? "0"
        leafSize = try parameters.decodeIfPresent(String.self, forKey: .leafSize) ?? "1"
        guard leafSize == "0" || leafSize == "1" else {
            throw LearnError.foreignModel(
                reason:
                    "its leaves hold \(leafSize.prefix(20)) targets each (multi_output_tree); only "
                    + "one_output_per_tree is supported"
            )
        }
        id = try container.decode(Int.self, forKey: .id)
        left = try container.decode([Int32].self, forKey: .left)
        right = try container.decode([Int32].self, forKey: .right)
        parents = try container.decode([Int32].self, forKey: .parents)
        splitIndices = try container.decode([Int32].self, forKey: .splitIndices)
        splitConditions = try container.decode([Float].self, forKey: .splitConditions)
        splitTypes = try container.decodeIfPresent([Int32].self, forKey: .splitTypes) ?? []
        baseWeights = try container.decode([Float].self, forKey: .baseWeights)
        gains = try container.decode([Float].self, forKey: .gains)
        covers = try container.decode([Float].self, forKey: .covers)
        // Booleans up to XGBoost 1.5, 0 and 1 from then on.
        if let numbers = try? container.decode([Int32].self, forKey: .defaultLeft) {
            defaultLeft = numbers.map { $0 != 0 }
        } else {
            defaultLeft = try container.decode([Bool].self, forKey: .defaultLeft)
        }
    }

    /// The tree without the nodes that XGBoost has pruned. Memory is bounded by the size of the arrays.
    ///
    /// - Throws: `LearnError.damagedModel` if the arrays do not form a tree, `.foreignModel` for categorical splits.
    func tree(number: Int, featureCount: Int) throws(LearnError) -> RegressionTree {
        func damaged(_ reason: String) -> LearnError { .damagedModel(reason: "tree \(number) \(reason)") }
        let count = left.count
        let lengths = [
            right.count, parents.count, splitIndices.count, splitConditions.count, defaultLeft.count, baseWeights.count,
            gains.count,
            covers.count,
        ]
        guard count > 0, lengths.allSatisfy({ $0 == count }), splitTypes.isEmpty || splitTypes.count == count else {
            throw damaged("has arrays of different lengths, or empty ones")
        }
        guard Int(nodeCount) == count, let deleted = Int(deletedCount), deleted >= 0 else {
            throw damaged("claims \(nodeCount.prefix(20)) nodes, but has \(count)")
        }
        guard splitTypes.allSatisfy({ $0 == 0 }) else {
            throw .foreignModel(reason: "tree \(number) splits on categories; only numeric splits are supported")
        }
        let order = try self.order(damaged)
        guard order.count + deleted == count else {
            throw damaged("has \(count) nodes, \(deleted) of them deleted, but \(order.count) are reachable")
        }
        var places = [Int32](repeating: -1, count: count)
        for (place, node) in order.enumerated() { places[node] = Int32(place) }
        let isLeaf = order.map { left[$0] == -1 }
        let tree = RegressionTree(
            features: zip(order, isLeaf).map { $1 ? -1 : splitIndices[$0] },
            thresholds: zip(order, isLeaf).map { $1 ? 0 : splitConditions[$0] },
            defaultLeft: order.map { defaultLeft[$0] },
            left: zip(order, isLeaf).map { $1 ? -1 : places[Int(left[$0])] },
            right: zip(order, isLeaf).map { $1 ? -1 : places[Int(right[$0])] },
            values: zip(order, isLeaf).map { $1 ? splitConditions[$0] : baseWeights[$0] },
            gains: order.map { gains[$0] }, covers: order.map { covers[$0] })
        if let problem = tree.structureProblem(featureCount: featureCount) { throw damaged(problem) }
        return tree
    }

    /// The reachable nodes, parents before children, in the order of the file if that has this property.
    private func order(_ damaged: (String) -> LearnError) throws(LearnError) -> [Int] {
        var reached = [Bool](repeating: false, count: left.count)
        var order = [0]
        var isSorted = true
        reached[0] = true
        var next = 0
        while next < order.count {
            let node = order[next]
            next += 1
            if left[node] == -1, right[node] == -1 { continue }
            for child in [left[node], right[node]] {
                guard child > 0, child < left.count else {
                    throw damaged(
                        "has node \(child) as a child of node \(node) instead of one from 1 to \(left.count - 1)")
                }
                guard !reached[Int(child)] else { throw damaged("reaches node \(child) twice, so it is not a tree") }
                guard parents[Int(child)] == node else {
                    throw damaged(
                        "has node \(child) as a child of node \(node), but \(parents[Int(child)]) as its parent")
                }
                reached[Int(child)] = true
                isSorted = isSorted && child > node
                order.append(Int(child))
            }
        }
        return isSorted ? order.sorted() : order
    }
}
