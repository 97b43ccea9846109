import Foundation
import SentioLearn
import SentioNumerics
import Testing

/// Files from strangers: a sentence each, never a crash.
@Suite struct XGBoostModelFileErrorTests {
    static let good = String(
        decoding: XGBoostModelFile(stumps([stump(), stump(1, below: 2)]), attributes: ["best_iteration": "1"]).encode(),
        as: UTF8.self)

    private func problem(_ text: String) -> String {
        do {
            _ = try XGBoostModelFile(Array(text.utf8))
            return "(it was read)"
        } catch let error as LearnError {
            return error.description
        } catch {
            return "(another error: \(error))"
        }
    }

    /// The first occurrence replaced.
    private func changed(_ from: String, _ to: String) -> String {
        guard let range = Self.good.range(of: from) else { return "the file has no \(from)" }
        return Self.good.replacingCharacters(in: range, with: to)
    }

    @Test func theUnchangedFileIsRead() { #expect(problem(Self.good) == "(it was read)") }

    @Test(arguments: [
        // from, to, what the sentence says
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[1,0,-1]", "tree 0 has node 0 as a child of node 1"),
        (
            "\"left_children\":[1,-1,-1]", "\"left_children\":[1,1,-1]",
            "tree 0 reaches node 1 twice, so it is not a tree"
        ),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[2,-1,-1]", "tree 0 reaches node 2 twice"),
        (
            "\"left_children\":[1,-1,-1]", "\"left_children\":[3,-1,-1]",
            "tree 0 has node 3 as a child of node 0 instead of one from 1 to 2"
        ),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[-7,-1,-1]", "tree 0 has node -7 as a child"),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[-1,-1,-1]", "tree 0 has node -1 as a child"),
        (
            "\"left_children\":[1,-1,-1]", "\"left_children\":[2147483647,-1,-1]",
            "tree 0 has node 2147483647 as a child"
        ),
        (
            "\"left_children\":[1,-1,-1]", "\"left_children\":[2147483648,-1,-1]",
            "an invalid number"
        ),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[1.5,-1,-1]", "an invalid number"),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":[1,-1]", "arrays of different lengths"),
        ("\"left_children\":[1,-1,-1]", "\"left_children\":{}", "left_children\" is not of the type"),
        (
            "\"left_children\":[1,-1,-1]", "\"left_childern\":[1,-1,-1]",
            "it lacks \"learner.gradient_booster.model.trees[0].left_children\""
        ),
        ("\"parents\":[2147483647,0,0]", "\"parents\":[2147483647,0,1]", "but 1 as its parent"),
        ("\"split_indices\":[0,0,0]", "\"split_indices\":[2,0,0]", "tree 0 splits node 0 on feature 2 of 2"),
        ("\"split_indices\":[0,0,0]", "\"split_indices\":[-1,0,0]", "tree 0 splits node 0 on feature -1 of 2"),
        ("\"split_indices\":[0,0,0]", "\"split_indices\":[\"a\",0,0]", "split_indices[0]\" is not of the type"),
        ("\"split_conditions\":[0.0", "\"split_conditions\":[NaN", "it is not JSON"),
        ("\"split_conditions\":[0.0", "\"split_conditions\":[Infinity", "it is not JSON"),
        ("\"split_conditions\":[0.0", "\"split_conditions\":[null", "split_conditions[0]\""),
        ("\"split_conditions\":[0.0", "\"split_conditions\":[1e60", "an invalid number"),
        ("\"split_conditions\":[0.0", "\"split_conditions\":[1e999", "an invalid number"),
        ("\"split_conditions\":[0.0", "\"split_conditions\":[true", "split_conditions[0]\" is not of the type"),
        ("\"sum_hessian\":[4.0", "\"sum_hessian\":[-4.0", "value, gain or cover at node 0"),
        ("\"split_type\":[0,0,0]", "\"split_type\":[1,0,0]", "tree 0 splits on categories"),
        ("\"split_type\":[0,0,0]", "\"split_type\":[0]", "arrays of different lengths"),
        ("\"default_left\":[1,0,0]", "\"default_left\":[1,\"x\",0]", "default_left"),
        ("\"num_nodes\":\"3\"", "\"num_nodes\":\"4\"", "tree 0 claims 4 nodes, but has 3"),
        (
            "\"num_nodes\":\"3\"", "\"num_nodes\":\"99999999999999999999\"",
            "claims 99999999999999999999 nodes, but has 3"
        ),
        ("\"num_nodes\":\"3\"", "\"num_nodes\":3", "num_nodes\" is not of the type"),
        ("\"num_deleted\":\"0\"", "\"num_deleted\":\"1\"", "has 3 nodes, 1 of them deleted, but 3 are reachable"),
        ("\"num_deleted\":\"0\"", "\"num_deleted\":\"-1\"", "tree 0 claims"),
        ("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"2\"", "only one_output_per_tree is supported"),
        ("\"id\":1", "\"id\":0", "a tree with the id 0"), ("\"id\":1", "\"id\":-1", "a tree with the id -1"),
        ("\"id\":1", "\"id\":9223372036854775807", "a tree with the id 9223372036854775807"),
        ("\"tree_info\":[0,0]", "\"tree_info\":[0]", "its tree_info has length 1"),
        ("\"tree_info\":[0,0]", "\"tree_info\":[0,1]", "tree 1 is for target 1 of 1"),
        ("\"tree_info\":[0,0]", "\"tree_info\":[0,-1]", "tree 1 is for target -1 of 1"),
        ("\"num_trees\":\"2\"", "\"num_trees\":\"2000000000\"", "it has 2 trees, but its num_trees is 2000000000"),
        (
            "\"num_feature\":\"2\",\"num_target\"", "\"num_feature\":\"3\",\"num_target\"",
            "it names 2 features, but its num_feature is 3"
        ),
        (
            "\"num_feature\":\"2\",\"num_target\"", "\"num_feature\":\"4000000000\",\"num_target\"",
            "its num_feature is \"4000000000\""
        ),
        ("\"num_feature\":\"2\",\"num_target\"", "\"num_feature\":\"-2\",\"num_target\"", "its num_feature is \"-2\""),
        ("\"num_target\":\"1\"", "\"num_target\":\"1000000000000\"", "its num_target is"),
        ("\"num_target\":\"1\"", "\"num_target\":\"0\"", "its num_target is"),
        ("\"num_target\":\"1\"", "\"num_target\":\"2\"", "sentio_targets is not a JSON list of 2 names"),
        ("\"num_class\":\"0\"", "\"num_class\":\"3\"", "it is a classifier"),
        ("\"base_score\":\"[0.5]\"", "\"base_score\":\"[nan]\"", "its base_score is \"[nan]\""),
        ("\"base_score\":\"[0.5]\"", "\"base_score\":\"[0.5,0.5]\"", "its base_score is"),
        ("\"base_score\":\"[0.5]\"", "\"base_score\":\"[]\"", "its base_score is"),
        ("\"base_score\":\"[0.5]\"", "\"base_score\":\"1e99\"", "its base_score is"),
        ("\"feature_names\":[\"a\",\"b\"]", "\"feature_names\":[\"a\",\"a\"]", "it names a feature twice"),
        ("\"name\":\"gbtree\"", "\"name\":\"dart\"", "its booster is dart; only gbtree is supported"),
        ("\"name\":\"gbtree\"", "\"name\":\"gblinear\"", "its booster is gblinear"),
        ("reg:squarederror", "binary:logistic", "its objective is binary:logistic"),
        ("reg:squarederror", "reg:gamma", "its objective is reg:gamma"),
        ("[\\\"y\\\"]", "\\\"y\\\"", "sentio_targets is not a JSON list of 1 names"),
        ("{\"learner\"", "{\"teacher\"", "it lacks \"learner\""),
        ("{\"learner\":{", "{\"learner\":[{", "it is not JSON"),
    ])
    func isRefusedInASentence(_ from: String, _ to: String, _ expected: String) {
        let text = problem(changed(from, to))
        #expect(text.contains(expected), "\(text)")
        #expect(
            text.hasPrefix("The stored model cannot be used: ") || text.hasPrefix("The model is not supported: "))
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "1", "\"x\"", "{\"learner\":null}", "\u{0}\u{1}", "{\"learner\":{}}", "tree model v3",
    ])
    func whatIsNoModelIsRefused(_ text: String) {
        #expect(problem(text).hasPrefix("The stored model cannot be used: it"))
    }

    @Test func anyTruncationIsRefused() {
        let bytes = Array(Self.good.utf8)
        for length in stride(from: 0, to: bytes.count - 2, by: 11) {
            #expect(throws: LearnError.self) { try XGBoostModelFile(Array(bytes[..<length])) }
        }
    }

    /// Any byte changed: read or refused, and what is read predicts without a crash.
    @Test func anyDamagedByteIsSurvived() throws {
        let bytes = Array(Self.good.utf8)
        var refused = 0
        for index in stride(from: 0, to: bytes.count, by: 5) {
            for byte in [UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "["), 0xFF] {
                var damaged = bytes
                damaged[index] = byte
                guard let model = try? XGBoostModelFile(damaged).model else {
                    refused += 1
                    continue
                }
                if model.features.count == 2 { _ = try model.contributions(Matrix([[.nan, 5]])) }
            }
        }
        #expect(refused > 100)
    }

    @Test func nestingIsBounded() {
        let text = problem("{\"learner\":" + String(repeating: "[", count: 2_000_000))
        #expect(text.hasPrefix("The stored model cannot be used: it is not JSON"))
        #expect(
            problem(changed("\"version\":[3,2,0]", "\"version\":" + String(repeating: "[", count: 100_000))).contains(
                "it is not JSON"))
    }

    @Test func aVeryDeepTreeNeedsNoStack() throws {
        // A chain to the right: splits at the even nodes, each with a leaf and the next split below it.
        let depth = 3000, count = 2 * depth + 1
        let isSplit = (0..<count).map { $0 % 2 == 0 && $0 < count - 1 }
        let tree = RegressionTree(
            features: isSplit.map { $0 ? 0 : -1 }, thresholds: (0..<count).map { isSplit[$0] ? Float($0) : 0 },
            defaultLeft: isSplit.map { _ in false }, left: (0..<count).map { isSplit[$0] ? Int32($0 + 1) : -1 },
            right: (0..<count).map { isSplit[$0] ? Int32($0 + 2) : -1 }, values: isSplit.map { $0 ? 0 : 1 },
            gains: isSplit.map { _ in 0 }, covers: (0..<count).map { Float(count - $0) })
        let model = try XGBoostModelFile(XGBoostModelFile(stumps([tree])).encode()).model
        #expect(try model.predict(Matrix([[1e9, 0]])).values == [1.5])
    }

    @Test func manyFeaturesWithoutNamesAreBounded() throws {
        let nameless = changed("\"feature_names\":[\"a\",\"b\"]", "\"feature_names\":[]")
        #expect(try XGBoostModelFile(Array(nameless.utf8)).model.features == ["f0", "f1"])
        let huge = nameless.replacingOccurrences(of: "\"num_feature\":\"2\"", with: "\"num_feature\":\"1000001\"")
        #expect(problem(huge).contains("must be from 1 to 1000000"))
    }

    @Test func otherLossesAreRefused() {
        let huber = String(
            decoding: XGBoostModelFile(stumps([stump()], loss: .huber(slope: 2))).encode(), as: UTF8.self)
        #expect(problem(huber) == "(it was read)")
        #expect(
            problem(huber.replacing("\"huber_slope\":\"2.0\"", with: "\"huber_slope\":\"-1\"")).contains(
                "must be a positive number"))
        let quantile = String(
            decoding: XGBoostModelFile(stumps([stump()], loss: .quantile(alpha: 0.3))).encode(), as: UTF8.self)
        #expect(problem(quantile) == "(it was read)")
        #expect(problem(quantile.replacing("[0.3]", with: "[0.3,0.7]")).contains("it predicts several quantiles"))
        #expect(problem(quantile.replacing("[0.3]", with: "[1.3]")).contains("must be between 0 and 1"))
        #expect(problem(quantile.replacing("[0.3]", with: "[]")).contains("must be between 0 and 1"))
    }

    @Test func namesGivenMustFit() {
        let nameless = changed("\"sentio_targets\"", "\"other\"")
        #expect(throws: LearnError.nameMismatch(table: "targets", names: 2, columns: 1)) {
            try XGBoostModelFile(Array(nameless.utf8), targets: ["valence", "arousal"])
        }
    }
}
