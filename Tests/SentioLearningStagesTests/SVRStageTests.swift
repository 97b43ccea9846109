import SentioKit
import SentioLearn
import SentioNumerics
@testable import SentioLearningStages
import SentioTesting
import StageTestSupport
import Testing

@Suite struct SVRStageTests {
    let harness = StageHarness()

    @Test func modelAndPredictionsKnowWhatTheySaw() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(SVRStage.self, with: ["c": 10], inputs: study.inputs)
        let training = Lineage(try study.songs(in: "train").map(StageHarness.song))
        #expect(outputs["model"]?.lineage == training && outputs["predictions"]?.fittedSets == [training])
        #expect(outputs["model"]?.entries.map(\.id) == ["arousal.libsvm", "svr.json", "valence.libsvm"])
        #expect(harness.services.metrics["c.valence"] == 10 && harness.services.metrics["epsilon.arousal"] == 0.1)
        #expect(try #require(harness.services.metrics["train.valence.r2"]) > 0.9)
        let predicted = try harness.table(outputs["predictions"]!), labels = try harness.table(study.labels)
        for song in try study.songs(in: "test") {
            #expect(abs(Double(predicted.cell(song, "valence")!)! - Double(labels.cell(song, "valence")!)!) < 1.5)
        }
    }

    @Test func theFilesAreTheModel() throws {
        let study = try ToyStudy(harness)
        let outputs = try harness.run(
            SVRStage.self, with: ["kernel": "poly", "coef0": 1, "c": [0.1, 1], "folds": 3], inputs: study.inputs)
        let model = try #require(outputs["model"])
        let back = try SVRModelFiles.decode { Array(try harness.text(model, $0).utf8) }
        #expect(back.features == ["x", "y", "xy"] && back.targets == ["valence", "arousal"])
        let song = study.ids[0],
            row = try NpyFile.read(try harness.store.read(study.features.entry(song)!.blob)).doubles
        let predicted = try harness.table(outputs["predictions"]!)
        #expect("\(try back.predict(Matrix([row]))[0, 1])" == predicted.cell(song, "arousal"))
        #expect(
            try harness.text(model, "valence.libsvm").hasPrefix(
                "svm_type epsilon_svr\nkernel_type polynomial\ndegree 3\n"))
    }

    @Test func damagedFilesAreNamed() throws {
        let study = try ToyStudy(harness)
        let model = try #require(try harness.run(SVRStage.self, inputs: study.inputs)["model"])
        func problem(_ file: String, _ change: (String) -> String) -> String {
            sentence {
                _ = try SVRModelFiles.decode { name in
                    let text = try harness.text(model, name)
                    return Array((name == file ? change(text) : text).utf8)
                }
            }
        }
        let half = problem("valence.libsvm") { String($0.prefix($0.count / 2)) }
        #expect(
            half.hasPrefix("The stored model cannot be used: in valence.libsvm, ")
                && half.contains("support vectors, but contains"))
        #expect(problem("valence.libsvm") { _ in "" }.contains("it is not a LIBSVM model"))
        #expect(problem("valence.libsvm") { $0.replacing("total_sv ", with: "total_sv 9") }.contains("announces 9"))
        #expect(problem("svr.json") { String($0.dropLast(9)) }.contains("svr.json is not the index of an SVR model"))
        #expect(problem("svr.json") { $0.replacing("sentio-svr", with: "other") }.contains("has the format other 1"))
        #expect(
            problem("svr.json") { $0.replacing("\"xy\"", with: "\"xy\",\"z\"") }.contains(
                "do not have the 4 features it names"))
    }

    @Test func theGridIsReportedAndItsEdgesAreToldOf() throws {
        let study = try ToyStudy(harness)
        try harness.run(
            SVRStage.self, with: ["c": [0.001, 0.01], "gamma": ["scale", 0.5], "folds": 3], inputs: study.inputs)
        #expect(
            harness.services.warnings.contains {
                $0.hasPrefix("The best `c` for valence") && $0.hasSuffix("may lie beyond it. Add larger values to `c`.")
            }, "\(harness.services.warnings)")
        #expect(harness.services.metrics["cv.valence.mse"] != nil)
        #expect(harness.services.lines.count { $0.hasPrefix("valence: c ") && $0.contains(": MSE ") } == 4)
    }

    @Test func aSearchGivenUpIsAWarning() throws {
        let study = try ToyStudy(harness)
        try harness.run(SVRStage.self, with: ["c": 100, "max_iter": 2], inputs: study.inputs)
        #expect(
            harness.services.warnings.first?.hasPrefix("The optimization for valence stopped after 2 steps")
                == true)
    }

    @Test func thePathOfTheDataDoesNotMatter() throws {
        let study = try ToyStudy(harness)
        var inputs = study.inputs
        let first = try harness.run(SVRStage.self, with: ["cache_mb": 0], inputs: inputs)
        inputs["features"] = try study.featureTable()
        #expect(
            try harness.run(SVRStage.self, inputs: inputs)["predictions"]?.encoded() == first["predictions"]?.encoded())
        #expect(try Configuration(SVRStage.parameters, given: ["cache_mb": 7]).identity["cache_mb"] == nil)
    }

    @Test func tooFewGroupsForTheFoldsAreASentence() throws {
        let study = try ToyStudy(harness, artist: { "artist \($0 % 5)" })
        let text = sentence { try harness.run(SVRStage.self, with: ["c": [1, 2], "folds": 8], inputs: study.inputs) }
        #expect(
            text.hasPrefix("The inner cross-validation that chooses c, gamma and epsilon is not possible: ")
                && text.contains("without tearing a group apart"))
        #expect(
            text.contains(" Lower `folds`, give one value of each, or train on more songs. At most: `--set svr.folds="),
            "\(text)")
    }

    @Test func badParametersAreRefused() {
        func problem(_ given: [String: Value]) -> String {
            sentence { _ = try SVRStage(try Configuration(SVRStage.parameters, given: given)) }
        }
        #expect(problem(["c": []]).hasPrefix("`c`"))
        #expect(problem(["gamma": "wide"]).contains("scale, auto or a positive number"))
        #expect(problem(["gamma": 0]).contains("scale, auto or a positive number"))
        #expect(problem(["epsilon": -1]).contains("from 0"))
        #expect(problem(["fit_on": ["validation"]]).hasPrefix("`fit_on`"))
        let many = Value.list((1...101).map { .int($0) })
        #expect(problem(["c": many, "gamma": many]).contains("too many to try"))
        #expect(problem(["gamma": [0.1, "auto"], "c": 3]) == "(nothing was thrown)")
    }
}
