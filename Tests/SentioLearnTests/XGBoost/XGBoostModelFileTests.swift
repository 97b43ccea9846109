import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct XGBoostModelFileTests {
    /// What we write of a model is what XGBoost wrote of it, number by number; only names of targets and types are
    /// added.
    @Test(arguments: XGBoostFixture.names)
    func writesWhatXGBoostWrites(_ name: String) throws {
        let fixture = try XGBoostFixture.named(name)
        func document(_ data: Data) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
        let ours = try document(Data(try fixture.read().encode()))
        let theirs = try document(Data(fixture.model.utf8))
        #expect(ours["version"] as? [Int] == theirs["version"] as? [Int])
        func learner(_ file: [String: Any]) throws -> [String: Any] { try #require(file["learner"] as? [String: Any]) }
        let (a, b) = (try learner(ours), try learner(theirs))
        #expect(a.keys.sorted() == b.keys.sorted())
        var attributes = try #require(a["attributes"] as? [String: String])
        #expect(attributes.removeValue(forKey: "sentio_targets")?.isEmpty == false)
        #expect(attributes == b["attributes"] as? [String: String])

        // Pruned nodes are not written again.
        if fixture.deleted == 0 {
            #expect(try Self.comparable(a).isEqual(Self.comparable(b)))
        }
        func numbers(_ learner: [String: Any]) throws -> [String: [Double]] {
            var parameters = try #require(learner["learner_model_param"] as? [String: String])
            // Whether the first score was given: of no use after the fit.
            parameters["boost_from_average"] = nil
            let objective = try #require(learner["objective"] as? [String: Any])
            for case let group as [String: String] in objective.values { parameters.merge(group) { $1 } }
            return parameters.mapValues {
                $0.split { "[],".contains($0) }.compactMap { Double($0).map { Double(Float($0)) } }
            }
        }
        #expect(try numbers(a) == numbers(b))
        #expect(
            (a["objective"] as? [String: Any])?["name"] as? String == (b["objective"] as? [String: Any])?["name"]
                as? String)
    }

    /// The booster; in leaves that were set after the splits, XGBoost leaves the weight of the split in `base_weights`.
    private static func comparable(_ learner: [String: Any]) throws -> NSDictionary {
        var booster = try #require(learner["gradient_booster"] as? [String: Any])
        var model = try #require(booster["model"] as? [String: Any])
        model["trees"] = try #require(model["trees"] as? [[String: Any]]).map { tree in
            var tree = tree
            let (left, values) = (
                try #require(tree["left_children"] as? [Int]), try #require(tree["split_conditions"] as? [Double])
            )
            let weights = try #require(tree["base_weights"] as? [Double])
            tree["base_weights"] = left.indices.map { left[$0] < 0 ? values[$0] : weights[$0] }
            return tree
        }
        booster["model"] = model
        return booster as NSDictionary
    }

    @Test(arguments: XGBoostFixture.names)
    func everyBitComesBack(_ name: String) throws {
        let file = try XGBoostFixture.named(name).read()
        #expect(try XGBoostModelFile(file.encode()) == file)
        #expect(try XGBoostModelFile(file.encode()).encode() == file.encode())
    }

    @Test func lossesNamesAndRoundsAreRead() throws {
        let squared = try XGBoostFixture.named("squared").read()
        #expect(squared.model.features == ["rms mean", "mfcc1", "Tempo", "größe", "flux"])
        #expect(squared.model.targets == ["y0", "y1"] && squared.model.ensembles.map(\.count) == [4, 4])
        #expect(squared.attributes.keys.sorted() == ["best_iteration", "best_score"] && squared.bestRounds == 4)
        let absolute = try XGBoostFixture.named("absolute").read()
        #expect(absolute.model.features == ["f0", "f1", "f2", "f3", "f4"] && absolute.bestRounds == nil)
        #expect(absolute.model.loss == .absolute && squared.model.loss == .squared)
        #expect(try XGBoostFixture.named("huber").read().model.loss == .huber(slope: 1.5))
        #expect(try XGBoostFixture.named("quantile").read().model.loss == .quantile(alpha: 0.3))
        let given = try XGBoostModelFile(
            Array(try XGBoostFixture.named("squared").model.utf8), targets: ["valence", "arousal"])
        #expect(given.model.targets == ["valence", "arousal"])
    }

    @Test func prunedNodesAreLeftOut() throws {
        let fixture = try XGBoostFixture.named("pruned")
        #expect(fixture.deleted > 0)
        for tree in try fixture.read().model.ensembles[0] {
            for node in 0..<tree.nodeCount where !tree.isLeaf(node) {
                #expect(tree.left[node] > node && tree.right[node] > node)
            }
        }
    }

    @Test func everySingleComesBack() throws {
        var generator = Philox(key: 5, stream: 5)
        var singles: [Float] = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1 / 3, 16_777_216, 5]
        while singles.count < 3000 {
            let single = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            if single.isFinite { singles.append(single) }
        }
        let trees = singles.map { stump(below: $0, left: $0, right: -$0) }
        let model = stumps(trees)
        let back = try XGBoostModelFile(XGBoostModelFile(model).encode()).model
        #expect(back.ensembles[0].map { $0.thresholds[0].bitPattern } == singles.map(\.bitPattern))
        #expect(back == model)
    }

    @Test func namesMayHoldAnything() throws {
        let names = ["a\"b", "c\\d", "e\n\u{1}f", "größe 🎵", ""]
        let model = GBDTModel(
            features: names, targets: names.reversed(), loss: .huber(slope: 0.25), baseScores: [1, 2, 3, 4, 5],
            // Targets may stop at different rounds.
            ensembles: (0..<5).map { [RegressionTree](repeating: stump(Int32($0)), count: $0) })
        let file = XGBoostModelFile(model, attributes: ["best_iteration": "3", "note \"x\"": "a\nb"])
        let back = try XGBoostModelFile(file.encode())
        #expect(back == file && back.bestRounds == 4)
    }

    /// Its Python package takes no brackets; our name comes back nevertheless.
    @Test func namesAreMadeAcceptableForXGBoost() throws {
        let names = ["sma[0]", "sma(0)", "a<b", "a", "a", "a_"]
        let model = GBDTModel(features: names, targets: ["y"], loss: .squared, baseScores: [0], ensembles: [[stump(5)]])
        let bytes = XGBoostModelFile(model).encode()
        #expect(
            String(decoding: bytes, as: UTF8.self).contains(
                #""feature_names":["sma(0)_","sma(0)","a_b","a","a__","a_"]"#))
        #expect(try XGBoostModelFile(bytes).model == model)
        #expect(!String(decoding: XGBoostModelFile(stumps([])).encode(), as: UTF8.self).contains("sentio_features"))
    }

    @Test func olderFormsAreRead() throws {
        let fixture = try XGBoostFixture.named("absolute")
        let model = try fixture.read().model
        let flags = fixture.model.replacing(#/"default_left":\[([01,]+)\]/#) { match in
            "\"default_left\":[" + match.output.1.map { $0 == "1" ? "true" : $0 == "0" ? "false" : "," }.joined() + "]"
        }
        #expect(flags != fixture.model)
        #expect(try XGBoostModelFile(Array(flags.utf8)).model == model)
        let score = fixture.model.replacing(#/"base_score":"\[([^\]]+)\]"/#) { "\"base_score\":\"\($0.output.1)\"" }
            .replacing(",\"num_target\":\"1\"", with: "")
        #expect(!score.contains("num_target"))
        #expect(try XGBoostModelFile(Array(score.utf8)).model == model)
    }
}
