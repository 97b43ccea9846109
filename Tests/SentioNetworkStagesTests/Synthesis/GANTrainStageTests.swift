import Foundation
import SentioKit
import SentioLearn
import SentioNumerics
@testable import SentioNetworkStages
import SentioTesting
import StageTestSupport
import Testing

@Suite struct GANTrainStageTests {
    let harness = StageHarness()

    @Test func onlyTrainingSongsTouchIt() throws {
        let study = try GANStudy(harness), outputs = try study.train()
        let training = Lineage(try study.study.songs(in: "train").map(StageHarness.song))
        for port in ["generator", "critic", "history", "sheets"] {
            #expect(outputs[port]?.lineage == training, "\(port)")
        }
        #expect(harness.services.metrics["songs.fitted"] == Double(training.songs.count))
    }

    /// Broken spectrograms of validation and test songs are never even opened.
    @Test func otherSongsAreNotOpened() throws {
        var study = try GANStudy(harness)
        let whole = try study.train()
        for set in ["validation", "test"] {
            for id in try study.study.songs(in: set) { study.study.replace(id, [1, 2, 3]) }
        }
        #expect(try study.train() == whole)
    }

    @Test(arguments: [1, 3, 4, 5])
    func aStoppedTrainingGoesOnAndEndsWithTheSameBytes(_ steps: Int) throws {
        let study = try GANStudy(harness), whole = try study.train()
        let stopped = StoppingServices(after: steps)
        #expect(throws: StageCancelled.self) { try study.train(services: stopped) }
        let goesOn = StoppingServices(
            after: .max, checkpoints: stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try study.train(services: goesOn) == whole)
        #expect(goesOn.behind.lines.contains { $0.hasPrefix("Resumes from epoch ") }, "\(goesOn.behind.lines)")
        #expect(goesOn.behind.series["critic.loss"] == harness.services.series["critic.loss"])
    }

    @Test func theSameSeedGivesTheSameBytesAndAnotherDoesNot() throws {
        let study = try GANStudy(harness), first = try study.train()
        #expect(try study.train() == first)
        #expect(try study.train(seed: 8) != first)
        #expect(try study.train(["seed": 3], seed: 8) == study.train(["seed": 3], seed: 9))
    }

    @Test(
        arguments: [
            ["loss": "bce", "norm": "batch", "conditioning": "channels", "smoothing": 0.1, "ema": 0],
            ["loss": "wgan-gp", "norm": "none", "critic_steps": 2, "beta1": 0, "beta2": 0.9],
            ["crops": 3, "range_tail": 0],
            [
                "scaling": "bands", "r1": 2, "critic_regression": 0.5, "augment_roll": 4, "augment_gain": 3,
                "augment_masks": 1,
            ],
        ] as [[String: Value]])
    func everyWayOfTrainingIsWatched(_ given: [String: Value]) throws {
        let outputs = try GANStudy(harness).train(given)
        for name in [
            "critic.loss", "generator.loss", "critic.margin", "critic.gradient_norm", "samples.frame_change",
            "real.frame_change", "real.band_deviation", "samples.nearest_song", "real.nearest_song",
            "generator.gradient_norm", "samples.diversity", "samples.diversity_same_ratings", "samples.band_mean_gap",
            "samples.band_deviation_gap", "samples.valence.recovery", "samples.arousal.recovery",
        ] {
            let series = try #require(harness.services.series[name], "\(name)")
            #expect(series.count == 3 && series.values.allSatisfy(\.isFinite), "\(name)")
        }
        let names = Set(harness.services.series.keys), isWasserstein = given["loss"] == "wgan-gp"
        #expect(names.contains("critic.penalty") == isWasserstein)
        // The midpoint of scores is no threshold.
        #expect(names.contains("critic.accuracy_real") != isWasserstein)
        #expect(names.contains("critic.accuracy_fake") != isWasserstein)
        for name in ["critic.r1", "critic.rating_error_real", "critic.rating_error_fake"] {
            #expect(names.contains(name) == (given["r1"] != nil), "\(name)")
        }
        let table = try CSVReader.read(Array(try harness.text(outputs["history"]!, "history.csv").utf8))
        #expect(table.rows.count == 3 && table.column("samples_per_second") == nil)
        let sheets = try #require(outputs["sheets"])
        #expect(sheets.entries.map(\.id) == ["epoch-0001.png", "epoch-0002.png", "epoch-0003.png"])
        #expect(try harness.store.read(sheets.entries[0].blob).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test func theModelSaysAllThatItIsUsedWith() throws {
        let outputs = try GANStudy(harness).train()
        let config = try JSON.parse(Array(try harness.text(outputs["generator"]!, "config.json").utf8))
        #expect(config["format"]?.string == "sentio-gan" && config["architecture"]?["dim"]?.int == 8)
        #expect(config["spectrograms"]?["hop_length"]?.int == 128)
        #expect(config["ratings"]?["dimensions"]?.list?.compactMap(\.string) == ["valence", "arousal"])
        let low = try #require(config["range"]?["low"]?.double), high = try #require(config["range"]?["high"]?.double)
        #expect(low > -70 && low < -35 && high > -25 && high < 10)
        // The ratings of training songs, and which way they go: level makes valence.
        let study = try GANStudy(harness), table = try harness.table(study.study.labels),
            training = Set(try study.study.songs(in: "train"))
        let valence = table.rows.filter { training.contains($0[0]) }.compactMap { Double($0[1]) }
        #expect(
            config["ratings"]?["low"]?.list?[0].double == valence.min()
                && config["ratings"]?["high"]?.list?[0].double == valence.max())
        let model = try JSONDecoder().decode(
            RidgeModel.self, from: Data(harness.text(outputs["generator"]!, "recovery.json").utf8))
        func heard(_ level: Float) throws -> Double {
            let values = [Float](repeating: level, count: 16 * 16)
            let statistics = values.withUnsafeBufferPointer { SpectrogramStatistics.compute($0, mels: 16, frames: 16) }
            return try model.predict(Matrix([statistics])).row(0).first ?? 0
        }
        #expect(try heard(0.5) > heard(-0.5))
        let weights = try SafetensorsFile(
            bytes: try harness.store.read(outputs["generator"]!.entry("weights.safetensors")!.blob))
        #expect(
            weights.tensors["fc.weight"]?.shape == [8 * 2 * 2, 6]
                && weights.tensors["up.6.weight"]?.shape == [2, 1, 4, 4])
        let critic = try SafetensorsFile(
            bytes: try harness.store.read(outputs["critic"]!.entry("weights.safetensors")!.blob))
        #expect(
            critic.tensors["conv.0.weight"]?.shape == [2, 1, 4, 4]
                && critic.tensors["projection.weight_u"]?.shape == [8])
    }

    /// Eight training songs in batches of four: two critic steps an epoch, two of them for one generator step.
    @Test func aBudgetOfGeneratorStepsCutsTheLastEpoch() throws {
        let study = try GANStudy(harness), training = try study.study.songs(in: "train").count
        let perEpoch = training / 4, outputs = try study.train(["steps": 4, "epochs": 100, "critic_steps": 1])
        let epochs = (4 + perEpoch - 1) / perEpoch
        let table = try CSVReader.read(Array(try harness.text(outputs["history"]!, "history.csv").utf8))
        #expect(table.rows.count == epochs && harness.services.metrics["epochs"] == Double(epochs))
        #expect(outputs["sheets"]?.entries.last?.id == "epoch-000\(epochs).png")
        // As many steps by epochs: the same weights.
        guard 4 % perEpoch == 0 else { return }
        let whole = try study.train(["epochs": .int(epochs), "critic_steps": 1])
        #expect(whole["generator"]?.entry("weights.safetensors") == outputs["generator"]?.entry("weights.safetensors"))
    }

    @Test(arguments: [1, 3])
    func aBudgetIsResumedToo(_ stop: Int) throws {
        let given: [String: Value] = [
            "steps": 3, "critic_steps": 2, "augment_roll": 3, "r1": 1, "critic_regression": 1, "scaling": "bands",
        ]
        let study = try GANStudy(harness), whole = try study.train(given)
        let stopped = StoppingServices(after: stop)
        #expect(throws: StageCancelled.self) { try study.train(given, services: stopped) }
        let goesOn = StoppingServices(
            after: .max, checkpoints: stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try study.train(given, services: goesOn) == whole)
    }

    /// A checkpoint of an earlier version has fewer sums; it is said, and the training starts anew.
    @Test func anEarlierCheckpointIsForgottenAndSaid() throws {
        let study = try GANStudy(harness), whole = try study.train()
        let stopped = StoppingServices(after: 3)
        #expect(throws: StageCancelled.self) { try study.train(services: stopped) }
        var file = try SafetensorsFile(
            bytes: try #require(stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint)))
        let sums = try #require(file.metadata["sums"]).split(separator: " ").prefix(9)
        file.metadata["sums"] = sums.joined(separator: " ")
        let anew = StoppingServices(after: .max, checkpoints: try file.bytes())
        #expect(try study.train(services: anew) == whole)
        #expect(!anew.behind.lines.contains { $0.hasPrefix("Resumes from epoch ") })
    }

    @Test func aModelScaledByBandsMakesDecibels() throws {
        let study = try GANStudy(harness), outputs = try study.train(["scaling": "bands"])
        let config = try JSON.parse(Array(try harness.text(outputs["generator"]!, "config.json").utf8))
        #expect(config["range"] == nil && config["bands"]?["means"]?.list?.count == 16)
        let made = try harness.run(
            SynthesizeStage.self, with: ["count": 4], inputs: ["generator": outputs["generator"]!])["spectrograms"]!
        for entry in made.entries {
            let values = try NpyFile.read(try harness.store.read(entry.blob)).doubles
            #expect(values.allSatisfy { $0 > -90 && $0 < 30 } && values.contains { $0 < -20 })
        }
    }

    @Test func fewSongsAreSaidBeforeAnythingIsTrained() throws {
        let stopped = StoppingServices(after: 1), study = try GANStudy(harness)
        #expect(throws: StageCancelled.self) { try study.train(services: stopped) }
        #expect(stopped.behind.warnings.contains { $0.contains("songs are too few for a GAN") })
    }

    /// Results of earlier versions stay valid, except those of the preset whose settings are others now.
    @Test func keysHoldWhatChangesAResult() throws {
        func identity(_ given: [String: Value]) throws -> [String: Value] {
            try Configuration(GANTrainStage.parameters, given: given).identity
        }
        let usual = try identity([:])
        for name in ["steps", "r1", "critic_regression", "augment_roll", "augment_gain", "augment_masks", "scaling"] {
            #expect(usual[name] == nil, "\(name)")
        }
        #expect(usual["preset"] == "published" && usual.count == 25, "\(usual.count)")
        #expect(try identity(["preset": "study"]) == usual)
        #expect(try identity(["preset": "compact"])["preset"] == "compact 2")
        #expect(try identity(["r1": 5, "scaling": "bands", "steps": 400]).count == usual.count + 3)
    }

    @Test func aCollapseEndsTheTrainingUnlessItIsToBeKept() throws {
        // A generator that hardly learns makes the same of every noise.
        let given: [String: Value] = ["epochs": 6, "generator_rate": 1e-9, "collapse_epochs": 2, "ema": 0]
        let study = try GANStudy(harness)
        #expect(
            sentence { _ = try study.train(given) }.hasPrefix("The generator has collapsed: in epochs 3 to 4"),
            "stop is the default")
        let kept = given.merging(["on_collapse": "warn"]) { $1 }
        _ = try study.train(kept)
        #expect(harness.services.warnings.count { $0.hasPrefix("The generator has collapsed") } == 1)
        // What `warn` kept does not answer for `stop`: both have one key.
        let series = harness.services.series.mapValues { points in
            points.sorted { $0.key < $1.key }.map { SeriesPoint(step: $0.key, value: $0.value) }
        }
        func stage(_ given: [String: Value]) throws -> GANTrainStage {
            try GANTrainStage(try Configuration(GANTrainStage.parameters, given: GANStudy.tiny.merging(given) { $1 }))
        }
        #expect(
            try stage(given).objection(to: series)?.contains("The generator has collapsed: in epochs 3 to 4") == true)
        #expect(try stage(kept).objection(to: series) == nil && stage(given).objection(to: [:]) == nil)
        func identity(_ given: [String: Value]) throws -> [String: Value] {
            try Configuration(GANTrainStage.parameters, given: given).identity
        }
        #expect(try identity(["on_collapse": "stop"]) == identity(["on_collapse": "warn"]))
        #expect(try identity([:])["on_collapse"] == "warn", "the key of pipelines that ran before")
    }

    @Test(
        arguments: [
            (["batch": 32], "A batch of 32 is larger than the"),
            (["frames": 24, "batch": 2], ""),
        ] as [([String: Value], String)])
    func whatCannotBeTrainedIsASentence(_ given: [String: Value], _ words: String) throws {
        let study = try GANStudy(harness)
        if words.isEmpty {
            _ = try study.train(given)
            #expect(
                harness.services.warnings.contains { $0.contains("shorter than 24 frames are padded with silence") })
        } else {
            let found = sentence { _ = try study.train(given) }
            #expect(found.hasPrefix(words), "\(found)")
        }
    }

    @Test func oneTrainingSongIsASentence() throws {
        let study = try GANStudy(harness, count: 16)
        var split = try harness.table(study.study.split)
        let set = try #require(split.column("set"))
        for row in split.rows.indices.dropFirst() { split.rows[row][set] = "test" }
        split.rows[0][set] = "train"
        var few = study
        few.study.split.entries[0].blob = harness.store.write(Array(split.csv.utf8))
        let found = sentence { _ = try few.train() }
        #expect(found.contains("one song, song-100,") && found.contains("at least two"), "\(found)")
    }

    @Test func aRatingOutsideTheScaleIsASentence() throws {
        var study = try GANStudy(harness)
        study.study.labels.attributes["scale"] = [4, 6]
        let found = sentence { _ = try study.train() }
        #expect(found.hasPrefix("The ") && found.contains("outside the labels' scale of 4 to 6"), "\(found)")
    }

    @Test(
        arguments: [
            (["frames": 20], "16 and 24 work"), (["dim": 6], "multiple of 4"),
            (["loss": "wgan-gp", "norm": "batch"], "batch normalization mixes samples"),
            (["smoothing": 0.1], "`loss: hinge` has no labels"),
            (["r1": 5, "norm": "batch"], "batch normalization mixes samples"),
            (["critic_regression": 1, "conditioning": "channels"], "Set `conditioning: projection`"),
        ] as [([String: Value], String)])
    func parametersThatDoNotGoTogether(_ given: [String: Value], _ words: String) {
        let found = sentence {
            _ = try GANTrainStage(
                try Configuration(GANTrainStage.parameters, given: GANStudy.tiny.merging(given) { $1 }))
        }
        #expect(found.contains(words), "\(found)")
    }

    @Test func everyLossIsFoundByItsName() {
        #expect(GANLoss.allCases.map(\.rawValue) == ["bce", "hinge", "wgan-gp"])
        for loss in GANLoss.allCases { #expect(GANLoss(parameter: loss.parameterValue)?.rawValue == loss.rawValue) }
        #expect(GANLoss(rawValue: "wgan") == nil)
    }

    @Test func everyPresetCanBeMade() throws {
        for preset in ["study", "published", "compact"] as [Value] {
            #expect(throws: Never.self) {
                try GANTrainStage(try Configuration(GANTrainStage.parameters, given: ["preset": preset]))
            }
        }
    }
}
