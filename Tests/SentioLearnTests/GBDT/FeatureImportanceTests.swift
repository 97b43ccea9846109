import SentioLearn
import SentioNumerics
import Testing

@Suite struct FeatureImportanceTests {
    @Test(arguments: XGBoostFixture.names)
    func isThatOfXGBoost(_ name: String) throws {
        let fixture = try XGBoostFixture.named(name)
        let importance = try fixture.read().model.importance()
        let measures: [(String, (FeatureImportance) -> Double)] = [
            ("weight", { Double($0.weight) }), ("gain", \.gain), ("total_gain", \.totalGain), ("cover", \.cover),
            ("total_cover", \.totalCover),
        ]
        for (name, measure) in measures {
            #expect(difference(importance.map(measure), try #require(fixture.importance[name])) < 1e-6, "\(name)")
        }
    }

    @Test func targetsAddUpToTheWhole() throws {
        let model = try XGBoostFixture.named("squared").read().model
        let (all, parts) = (model.importance(), model.targets.indices.map { model.importance(target: $0) })
        #expect(parts[0] != parts[1])
        #expect(all.map(\.feature) == model.features)
        for feature in model.features.indices {
            #expect(all[feature].weight == parts[0][feature].weight + parts[1][feature].weight)
            #expect(abs(all[feature].totalGain - parts[0][feature].totalGain - parts[1][feature].totalGain) < 1e-9)
        }
    }

    @Test func anUnusedFeatureIsThereWithZeros() {
        let importance = stumps([stump(gain: 3), stump(gain: 1)]).importance()
        #expect(
            importance.map(\.weight) == [2, 0] && importance.map(\.gain) == [2, 0]
                && importance.map(\.totalCover) == [8, 0])
        #expect(importance[1].cover == 0)
    }
}
