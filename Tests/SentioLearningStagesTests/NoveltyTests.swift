import SentioKit
import SentioLearn
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioLearningStages

/// Songs unlike the training songs, at `apply`.
@Suite struct NoveltyTests {
    let harness = StageHarness()

    /// The songs of a study, one of them with features of nowhere.
    private func applied(
        _ kind: any Stage.Type, _ given: [String: Value], _ study: ToyStudy, odd: [Double] = [400, 0.5, 0.2],
        usesReference: Bool
    ) throws -> [String: Manifest] {
        let fitted = try harness.run(kind, with: given, inputs: study.inputs)
        var features = study.features
        features.entries[3].blob = harness.store.write(NpyFile.write(NpyArray(odd, shape: [3])))
        var inputs = ["model": fitted["model"]!, "features": features]
        if usesReference { inputs["reference"] = fitted["reference"]! }
        return try harness.run(ApplyStage.self, inputs: inputs)
    }

    private static let odd = "song-103: unlike the training songs: x is "

    @Test(arguments: ["standard", "sign-log"])
    func scalersKnowThem(_ scaler: String) throws {
        let study = try ToyStudy(harness)
        for (kind, given): (any Stage.Type, [String: Value]) in [
            (RidgeStage.self, ["alpha": 1]), (SVRStage.self, ["c": 1]),
        ] {
            let outputs = try applied(
                kind, given.merging(["scaler": .string(scaler)]) { $1 }, study, usesReference: false)
            let warning = try #require(harness.services.warnings.last)
            #expect(warning.hasPrefix(Self.odd) && warning.contains("standard deviations from their mean"))
            #expect(warning.hasSuffix("; the rating is an extrapolation"))
            // It is rated nevertheless.
            #expect(outputs["predictions"]?.rows.count == study.ids.count)
        }
        #expect(harness.services.warnings.filter { $0.contains("unlike") }.count == 2)
    }

    @Test(arguments: CalibrationTests.kinds.indices)
    func theReferenceKnowsThemForEveryModel(_ index: Int) throws {
        let (kind, given) = CalibrationTests.kinds[index], study = try ToyStudy(harness, count: 60)
        _ = try applied(kind, given.merging(["calibration_folds": 5]) { $1 }, study, usesReference: true)
        #expect(harness.services.warnings.filter { $0.hasPrefix(Self.odd) }.count == 1)
    }

    @Test func treesAloneDoNotExtrapolate() throws {
        _ = try applied(GBDTStage.self, GBDTStageTests.small, try ToyStudy(harness), usesReference: false)
        #expect(!harness.services.warnings.contains { $0.contains("unlike") })
    }

    @Test func theReferenceOfAnotherModelIsRefused() throws {
        let study = try ToyStudy(harness)
        let fitted = try harness.run(RidgeStage.self, with: ["alpha": 1, "calibration_folds": 3], inputs: study.inputs)
        let other = TrainingReference(features: ["a"], spread: TrainingSpread(centers: [0], deviations: [1]))
        func text(_ bytes: [UInt8]) -> String {
            sentence {
                var reference = fitted["reference"]!
                reference.entries[0].blob = harness.store.write(bytes)
                try harness.run(
                    ApplyStage.self,
                    inputs: ["model": fitted["model"]!, "features": study.features, "reference": reference])
            }
        }
        #expect(
            text(try other.encoded()).hasPrefix(
                "`reference` of apply describes the training songs of another model: it has 1 feature,"))
        #expect(text(Array("{}".utf8)).contains("reference.json does not describe training songs"))
        let broken = TrainingReference(
            features: ["x", "y", "xy"], spread: TrainingSpread(centers: [0], deviations: [1]))
        #expect(text(try broken.encoded()).contains("do not match its features"))
    }

    @Test func aReferenceComesBack() throws {
        let reference = TrainingReference(
            features: ["a", "b"], spread: TrainingSpread(centers: [0.1, 2], deviations: [1, 0]),
            limits: NoveltyLimits(overall: 2, largest: 3), songs: 9)
        #expect(try TrainingReference.decode(try reference.encoded()) == reference)
    }

    @Test func everySongIsNamedOrCounted() {
        let reference = TrainingReference(
            features: ["a"], spread: TrainingSpread(centers: [0], deviations: [1]), songs: 0)
        let ids = (0..<30).map { "s\($0)" }
        let all = reference.warnings(Matrix(column: ids.map { _ in 50 }), songs: ids)
        #expect(all.count == 1)
        #expect(
            all[0].hasPrefix("30 songs: unlike the training songs; their ratings are extrapolations (s0, s1,")
                && all[0].hasSuffix("s29)"))
        #expect(reference.warnings(Matrix(column: [50, 0]), songs: ["x", "y"]).map { $0.prefix(3) } == ["x: "])
    }
}
