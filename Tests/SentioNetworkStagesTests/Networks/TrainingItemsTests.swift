import SentioKit
import SentioLearningStages
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct TrainingItemsTests {
    let harness = StageHarness()
    let study: SpectrogramStudy

    init() throws { study = try SpectrogramStudy(harness, count: 20) }

    func mixed(_ ratio: Double, _ more: [String: Value] = [:], synthetic: Manifest? = nil) throws -> Manifest {
        let inputs = [
            "real": study.spectrograms, "synthetic": try synthetic ?? study.synthetic(count: 40), "split": study.split,
        ]
        return try harness.run(MixStage.self, with: more.merging(["ratio": .double(ratio)]) { $1 }, inputs: inputs)[
            "training"]!
    }

    func train(_ training: Manifest?, _ more: [String: Value] = [:], services: (any StageServices)? = nil) throws
        -> [String: Manifest]
    {
        var inputs = study.inputs
        inputs["training"] = training
        return try harness.run(
            ASTTrainStage.self, with: SpectrogramStudy.tiny.merging(more) { $1 }, inputs: inputs, services: services)
    }

    func config(_ outputs: [String: Manifest]) throws -> Value {
        try JSON.parse(Array(try harness.text(outputs["model"]!, "config.json").utf8))
    }

    @Test func ratioZeroIsTheSameTraining() throws {
        let plain = try train(nil), mix = try train(try mixed(0))
        #expect(plain["model"] == mix["model"] && plain["history"] == mix["history"])
    }

    @Test func itemsAreTrainedOnAndTheirSongsAreSeen() throws {
        // The generator saw training songs only, but not all of those that are left here.
        let training = try mixed(
            1, ["mode": "replace"], synthetic: study.synthetic(count: 40, seen: study.songs(in: "train")))
        let outputs = try train(training, ["statistics": "all"])
        let config = try config(outputs), songs = try study.songs(in: "train")
        #expect(config["training"]?["songs"] == 0 && config["training"]?["synthetic"]?.int == songs.count)
        let predictions = try #require(outputs["predictions"])
        #expect(predictions.rows.count == study.ids.count, "Songs are predicted, items are not.")
        let seen = try #require(predictions.rows[0].fitted.map { predictions.fittedSets[$0] })
        #expect(seen.songs == Set(songs.map(StageHarness.song)))
        let scored = try harness.run(
            EvaluateStage.self, inputs: ["predictions": predictions, "labels": study.labels, "split": study.split])
        #expect(scored["scores"] != nil)
        #expect(sentence { _ = try train(training) }.hasPrefix("`statistics: real` scales by the real songs"))
    }

    @Test func realSongsSayHowSpectrogramsAreScaled() throws {
        let training = try mixed(2)
        func mean(_ outputs: [String: Manifest]) throws -> Double? {
            try config(outputs)["input"]?["normalisation"]?["mean"]?.double
        }
        #expect(try mean(try train(training)) == mean(try train(nil)))
        #expect(try mean(try train(training, ["statistics": "all"])) != mean(try train(nil)))
    }

    @Test func songsThatTheSplitKeepsAreRefused() throws {
        var held = try mixed(0)
        let test = try study.songs(in: "test")[0]
        held.entries.append(try #require(study.spectrograms.entry(test)))
        held = Manifest(type: .labelledSpectrograms, attributes: held.attributes, entries: held.entries)
        #expect(
            sentence { _ = try train(held) }.hasPrefix(
                "`training` holds 1 song that the split keeps for validation or test: \(test)."))
        // Through the generator.
        let leaky = try mixed(1, synthetic: try study.synthetic(count: 40, seen: [test]))
        #expect(
            sentence { _ = try train(leaky) }.hasPrefix("`training` has seen 1 song that the split keeps"))
        // Under another id.
        var renamed = try mixed(1)
        let item = renamed.entries.firstIndex { $0.id.hasPrefix("synthetic") }!
        renamed.entries[item].sources = [StageHarness.song(test)]
        #expect(sentence { _ = try train(renamed) }.contains("directly or through the generator: \(test)"))
    }

    @Test func itemsMustFitTheLabels() throws {
        var other = try mixed(1)
        other.attributes["scale"] = [0, 10]
        #expect(
            sentence { _ = try train(other) }.contains(
                "are rated in valence and arousal from 0 to 10, the labels in valence and arousal from 1 to 9"))
        var strange = try mixed(1)
        strange.attributes["ratings"] = .map([:])
        #expect(
            sentence { _ = try train(strange) }.hasPrefix(
                "`training` holds items that are not songs of the split and"))
        // Another order of dimensions is only another order.
        var turned = try mixed(1)
        turned.attributes["dimensions"] = ["arousal", "valence"]
        turned.attributes["ratings"] = .map(
            (turned.attributes["ratings"]?.map ?? [:]).mapValues { .list(($0.list ?? []).reversed()) })
        #expect(try train(turned)["model"] == train(try mixed(1))["model"])
    }

    @Test func armsTakeEqualSteps() throws {
        let songs = try study.songs(in: "train").count
        for (size, samples) in [("real", songs), (7, 7), (100, 100)] as [(Value, Int)] {
            let services = StoppingServices(after: .max)
            _ = try train(try mixed(2), ["epoch_size": size, "batch": 1, "schedule": "constant"], services: services)
            #expect(services.steps == 3 * samples + 1, "\(size): one more for the predictions.")
        }
        #expect(sentence { _ = try train(nil, ["epoch_size": 0]) }.contains("all, real, or a whole number"))
    }

    @Test func equalStepsSurviveAStop() throws {
        let training = try mixed(2)
        let with: [String: Value] = ["epoch_size": "real", "schedule": "plateau", "plateau_patience": 1]
        let whole = try train(training, with)
        let stopping = StoppingServices(after: 4)
        #expect(throws: StageCancelled.self) { _ = try train(training, with, services: stopping) }
        let rest = StoppingServices(
            after: .max, checkpoints: stopping.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try train(training, with, services: rest)["model"] == whole["model"])
        #expect(rest.steps < 3 * 5)
    }

    @Test func theRateIsCutWhereTheValidationLossStandsStill() throws {
        let services = RecordingServices()
        let outputs = try train(
            nil,
            [
                "schedule": "plateau", "plateau_patience": 1, "epochs": 5, "learning_rate": 1e-9,
                "plateau_minimum": 2e-10,
            ],
            services: services)
        let rates = (1...5).compactMap { services.series["learning_rate"]?[$0] }
        #expect(
            rates == [1e-9, 1e-9, 5e-10, 2.5e-10, 2e-10], "Nothing is learnt at such a rate, so nothing gets better.")
        let predictions = try #require(outputs["predictions"])
        #expect(
            sentence {
                _ = try harness.run(
                    EvaluateStage.self, with: ["sets": ["validation"]],
                    inputs: ["predictions": predictions, "labels": study.labels, "split": study.split])
            } != "(nothing was thrown)", "Validation songs count as seen.")
        #expect(
            sentence { _ = try train(nil, ["schedule": "plateau", "fit_on": ["train", "validation"]]) }.hasPrefix(
                "`schedule`: the validation songs"))
    }

    @Test func dimensionsCountAsTheyAreTold() throws {
        let list = try train(nil, ["loss_weights": [0.4, 0.6]])["model"], plain = try train(nil)["model"]
        #expect(try train(nil, ["loss_weights": ["arousal": 3, "valence": 2]])["model"] == list && list != plain)
        #expect(try train(nil, ["loss_weights": [1, 1]])["model"] == plain)
        #expect(
            sentence { _ = try train(nil, ["loss_weights": [1]]) }.contains(
                "`loss_weights` has 1 numbers; give one per dimension"))
        #expect(
            sentence { _ = try train(nil, ["loss_weights": ["valence": 1, "mood": 1]]) }.contains(
                "names mood, valence; name each dimension once"))
        #expect(sentence { _ = try train(nil, ["loss_weights": [0, 0]]) }.contains("not all 0"))
    }
}
