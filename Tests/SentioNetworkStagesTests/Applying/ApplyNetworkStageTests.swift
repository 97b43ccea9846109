import SentioKit
import SentioLearningStages
import SentioNN
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

@Suite struct ApplyNetworkStageTests {
    let harness = StageHarness()
    private static let source = " Connect the output `model` of an `ast-train`, `crnn-train` or `finetune` stage."

    private func apply(
        _ model: Manifest?, _ spectrograms: Manifest, with given: [String: Value] = [:], threads: Int = 2,
        services: (any StageServices)? = nil
    ) throws -> Manifest {
        let outputs = try harness.run(
            ApplyNetworkStage.self, with: given, inputs: ["model": try #require(model), "spectrograms": spectrograms],
            services: services, threads: threads)
        return try #require(outputs["predictions"])
    }

    private func trainCRNN(_ study: SpectrogramStudy, _ more: [String: Value] = [:]) throws -> [String: Manifest] {
        try harness.run(
            CRNNTrainStage.self, with: CRNNTrainStageTests.tiny.merging(more) { $1 }, inputs: study.inputs)
    }

    // MARK: The bits of the training

    /// Not only the numbers: the whole artifact, with its lineage.
    @Test(
        arguments: [
            [:], ["pooling": "mean", "head_hidden": 8, "stride": 3, "patchout": [1, 2], "dropout": 0.2],
            ["normalisation": "clip", "crops": 3], ["ema": 0.9, "keep": "best"], ["frames": 40],
            ["precision": "bf16"],
        ] as [[String: Value]])
    func aTransformerRatesSongsAsItsTrainingDid(_ given: [String: Value]) throws {
        let study = try SpectrogramStudy(harness), outputs = try study.train(given)
        #expect(try apply(outputs["model"], study.spectrograms) == outputs["predictions"])
    }

    @Test(
        arguments: [
            [:], ["cell": "gru", "pooling": "attention", "bidirectional": false],
            ["pooling": "last", "head": [], "ema": 0.9], ["preset": "compact", "batch": 64],
            ["form": "1d", "channels": [4, 8], "pool_mels": [1, 1], "widths": [8, 4], "head": [8, 4]],
        ] as [[String: Value]])
    func aCRNNRatesSongsAsItsTrainingDid(_ given: [String: Value]) throws {
        let study = try SpectrogramStudy(harness), outputs = try trainCRNN(study, given)
        #expect(try apply(outputs["model"], study.spectrograms) == outputs["predictions"])
    }

    /// A network of whole spectrograms rates longer songs by crops of its length.
    @Test func aNetworkOfWholeSpectrogramsRatesSongsOfOtherLengths() throws {
        let study = try SpectrogramStudy(harness, frames: { _ in 20 }), outputs = try study.train(["frames": 0])
        #expect(try apply(outputs["model"], study.spectrograms) == outputs["predictions"])
        var others = study
        others.replace(study.ids[0], NpyFile.write(NpyArray([Float](repeating: -40, count: 8 * 50), shape: [8, 50])))
        others.replace(study.ids[1], NpyFile.write(NpyArray([Float](repeating: -40, count: 8 * 12), shape: [8, 12])))
        let table = try harness.table(try apply(outputs["model"], others.spectrograms))
        let trained = try harness.table(try #require(outputs["predictions"]))
        #expect(Array(table.rows[2...]) == Array(trained.rows[2...]) && table.rows[0] != trained.rows[0])
        #expect(
            harness.services.warnings.last
                == "1 song shorter than the 20 frames that the network hears at once, and padded to fill them: "
                + "\(study.ids[1]).")
    }

    @Test(arguments: [1, 3]) func aSongIsRatedAloneAsAmongOthers(_ threads: Int) throws {
        let study = try SpectrogramStudy(harness), outputs = try study.train()
        let trained = try harness.table(try #require(outputs["predictions"]))
        var few = study.spectrograms
        few.entries = [2, 5, 11].map { study.spectrograms.entries[$0] }
        let table = try harness.table(try apply(outputs["model"], few, threads: threads))
        #expect(table.columns == trained.columns && table.rows == [2, 5, 11].map { trained.rows[$0] })
        // Under other names, and in another order.
        var renamed = study.spectrograms
        renamed.entries = zip(study.spectrograms.entries.reversed(), 0...).map { entry, place in
            Manifest.Entry(
                id: "new-\(100 + place)", file: entry.file, blob: entry.blob,
                sources: [StageHarness.song("new-\(100 + place)")])
        }
        let rows = try harness.table(try apply(outputs["model"], renamed, threads: threads)).rows
        #expect(rows.map { Array($0.dropFirst()) } == trained.rows.reversed().map { Array($0.dropFirst()) })
        #expect(harness.services.metrics["songs.rated"] == 16)
    }

    // MARK: Lineage

    /// `evaluate` scores training songs only where its own split says so.
    @Test func evaluateRefusesSongsThatTheModelHasSeen() throws {
        let study = try SpectrogramStudy(harness)
        func evaluate(_ given: [String: Value]) throws {
            let predictions = try apply(try study.train(given)["model"], study.spectrograms)
            try harness.run(
                EvaluateStage.self, with: ["sets": ["validation", "test"], "bootstrap": 0],
                inputs: ["predictions": predictions, "labels": study.labels, "split": study.split])
        }
        try evaluate([:])
        let validation = try study.songs(in: "validation")
        #expect(throws: LeakageError(songs: validation, port: "predictions")) {
            try evaluate(["fit_on": ["train", "validation"]])
        }
        #expect(throws: LeakageError(songs: validation, port: "predictions")) { try evaluate(["keep": "best"]) }
    }

    @Test func aStoppedRunEnds() throws {
        let study = try SpectrogramStudy(harness), model = try study.train()["model"], services = RecordingServices()
        services.cancel()
        #expect(throws: StageCancelled.self) { try apply(model, study.spectrograms, services: services) }
    }

    // MARK: What does not fit

    @Test func spectrogramsUnlikeThoseOfTheTrainingAreRefused() throws {
        var study = try SpectrogramStudy(harness)
        study.spectrograms.attributes["sample_rate"] = 22_050
        study.spectrograms.attributes["top_db"] = nil
        let model = try study.train()["model"]
        study.spectrograms.attributes["sample_rate"] = 44_100.0
        study.spectrograms.attributes["n_mels"] = nil
        #expect(
            sentence { _ = try apply(model, study.spectrograms) }
                == "The spectrograms on `spectrograms` differ from those that the model was trained on: `n_mels` is "
                + "missing, not 8; `sample_rate` is 44100.0, not 22050. Make them with the settings of the training.")
        // The same number in another notation, and what the model says nothing of.
        study.spectrograms.attributes = ["n_mels": 8, "sample_rate": 22_050.0, "newer": true]
        _ = try apply(model, study.spectrograms)
        study.replace(study.ids[0], NpyFile.write(NpyArray([Float](repeating: 0, count: 90), shape: [9, 10])))
        #expect(
            sentence { _ = try apply(model, study.spectrograms) }.contains(
                "song \(study.ids[0]) on `spectrograms` has 9 mel bands where the network takes 8"))
        study.replace(study.ids[0], [1, 2, 3])
        #expect(
            sentence { _ = try apply(model, study.spectrograms) }.hasPrefix(
                "The spectrogram of song \(study.ids[0]) on `spectrograms` cannot be read."))
        study.spectrograms.entries = []
        #expect(
            sentence { _ = try apply(model, study.spectrograms) }
                == "There is no song to rate: the collection is empty.")
    }

    @Test func inputsThatTheModelNeedsAreNamed() throws {
        let study = try SpectrogramStudy(harness), model = try #require(try study.train()["model"])
        #expect(
            sentence { try harness.run(ApplyNetworkStage.self, inputs: ["model": model]) }
                == "The model on `model` reads spectrograms, and `spectrograms` is not connected. Connect it under "
                + "`in:`.")
        #expect(
            sentence { _ = try apply(model, study.spectrograms, with: ["context": "deam"]) }
                == "`context: deam` does not apply: the model does not tell collections apart. Remove `context`.")
    }

    // MARK: Damaged models

    /// Values of `config.json` that nothing is computed from.
    private static let unread = ["input.spectrograms.n_mels", "training.songs", "training.epochs", "training.epoch"]

    private func models(_ study: SpectrogramStudy) throws -> [DamagedModel] {
        [
            try DamagedModel(harness, try #require(try study.train()["model"])),
            try DamagedModel(harness, try #require(try trainCRNN(study)["model"])),
        ]
    }

    @Test func everyMissingValueIsNamed() throws {
        let study = try SpectrogramStudy(harness)
        for model in try models(study) {
            let paths = model.paths(without: Self.unread)
            #expect(paths.count > 25)
            for path in paths {
                #expect(
                    sentence { _ = try apply(model.with(nil, at: path), study.spectrograms) }
                        == "The model on `model` cannot be used: `\(path)` is missing from its config.json."
                        + Self.source)
            }
        }
    }

    /// Whatever stands in a field, there is a sentence or a rating.
    @Test func noValueEndsTheProcess() throws {
        let study = try SpectrogramStudy(harness)
        let values: [Value] = [
            nil, "x", -1, 0, 3, 1e300, -0.5, [], [:], [0], ["x"], [[2, 2]], .int(.max), .int(.min), .int(1 << 40),
        ]
        for model in try models(study) {
            for path in model.paths(without: Self.unread) {
                for value in values {
                    do { _ = try apply(model.with(value, at: path), study.spectrograms) } catch {
                        #expect(error is StageFailure, "\(path) = \(value.text): \(error)")
                    }
                }
            }
        }
    }

    @Test(
        arguments: [
            ("version", 2, "its config.json has version 2 and this Sentio reads versions up to 1; update Sentio"),
            (
                "format", "sentio-gan",
                "`format` in its config.json is sentio-gan, not one of `sentio-ast`, `sentio-crnn`, `sentio-finetune`, "
                    + "`sentio-sequence`"
            ),
            ("architecture.heads", 3, "`architecture.heads` in its config.json is 3, not a divisor of `dim`, 16"),
            (
                "architecture.depth", 101,
                "`architecture.depth` in its config.json is 101, not a whole number from 1 to 100"
            ),
            ("architecture.patch", 17, "`architecture.patch` in its config.json is 17, not a whole number from 1 to 8"),
            (
                "architecture.depth", 2,
                "its weights.safetensors does not fit its config.json: `blocks.1.norm1.weight` is missing"
            ),
            (
                "architecture.frames", 32,
                "`input.frames` in its config.json is 16, not `architecture.frames`, 32"
            ),
            (
                "architecture.ffn", 17,
                "its weights.safetensors does not fit its config.json: `blocks.0.mlp.fc1.weight` is [16, 16] where "
                    + "[17, 16] is needed"
            ),
            (
                "output.dimensions", ["a"],
                "`output.dimensions` in its config.json is [a], not a list of 2, one for each of `architecture.outputs`"
            ),
            (
                "output.dimensions", ["a", "a"],
                "`output.dimensions` in its config.json is [a, a], not a list of different names"
            ),
            (
                "output.dimensions", ["a", "song_id"],
                "`output.dimensions` in its config.json is [a, song_id], not the names of the rated dimensions"
            ),
            (
                "output.scale.half_range", 0,
                "`output.scale.half_range` in its config.json is 0, not a number from 1e-30 to 1e+30"
            ),
        ] as [(String, Value, String)])
    func aDamagedConfigIsExplained(_ path: String, _ value: Value, _ problem: String) throws {
        let study = try SpectrogramStudy(harness)
        let model = try DamagedModel(harness, try #require(try study.train()["model"]))
        #expect(
            sentence { _ = try apply(model.with(value, at: path), study.spectrograms) }
                == "The model on `model` cannot be used: \(problem)." + Self.source)
    }

    @Test func damagedFilesAreExplained() throws {
        let study = try SpectrogramStudy(harness)
        let model = try DamagedModel(harness, try #require(try study.train()["model"]))
        func said(_ damaged: Manifest) -> String { sentence { _ = try apply(damaged, study.spectrograms) } }
        #expect(
            said(model.with(configBytes: Array("{\"format\": ".utf8)))
                == "The model on `model` cannot be used: its config.json is not valid JSON: the document ends "
                + "unexpectedly at byte 11." + Self.source)
        #expect(said(model.with(configBytes: Array("[]".utf8))).contains("its config.json is not a JSON object."))
        #expect(
            said(model.with(configBytes: [UInt8](repeating: 0x20, count: 5 << 20))).contains(
                "its config.json has 5242880 bytes, more than the 4194304 allowed."))
        let bytes = try model.weights().bytes()
        for count in [0, 7, 8, 100, bytes.count / 2, bytes.count - 4] {
            let text = said(model.with(weightBytes: Array(bytes[..<count])))
            #expect(text.contains("its weights.safetensors cannot be read. ") && text.hasSuffix(Self.source), "\(text)")
        }
        #expect(
            said(try model.with { $0.tensors["norm.weight"] = nil }).contains(
                "its weights.safetensors does not fit its config.json: `norm.weight` is missing."))
        #expect(
            said(
                try model.with {
                    $0.tensors["norm.bias"] = .init(shape: [16], values: [Float](repeating: .nan, count: 16))
                }
            ).contains("`norm.bias` in its weights.safetensors has values that are not finite."))
        var without = model.manifest
        without.entries.removeAll { $0.id == "weights.safetensors" }
        #expect(said(without).contains("has no file `weights.safetensors`"))
        // Finite weights, and ratings that are not.
        let text = said(
            try model.with {
                $0.tensors["norm.weight"] = .init(shape: [16], values: [Float](repeating: 3e38, count: 16))
                $0.tensors["head.weight"] = .init(shape: [2, 16], values: [Float](repeating: 3e38, count: 32))
            })
        #expect(text.hasPrefix("The model's valence of song song-100 is ") && text.contains("not a finite number."))
    }

    // MARK: What the engine asks

    @Test func trainingStagesNameTheKindThatAppliesThem() throws {
        for kind in [ASTTrainStage.self, CRNNTrainStage.self, FineTuneStage.self] as [any Stage.Type] {
            guard case .model(let model) = kind.application else {
                Issue.record("\(kind.kind) has no model to apply")
                continue
            }
            #expect(model.kind == ApplyNetworkStage.kind && model.model == NetworkTraining.model)
            #expect(ApplyNetworkStage.outputs.map(\.name) == [model.predictions.name])
            let names = ["spectrograms", "waveforms", "labels", "split", "training", "weights"]
            let used = names.filter { model.input($0) == $0 }
            #expect(used == [kind.kind == FineTuneStage.kind ? "waveforms" : "spectrograms"])
            #expect(Set(used).isSubset(of: ApplyNetworkStage.inputs.map(\.name)))
        }
        guard case .stored = PretrainedStage.application, case .again = ApplyNetworkStage.application else {
            Issue.record("The weights are stored, and predictions are made again.")
            return
        }
    }

    @Test func workGrowsWithTheSongs() throws {
        let stage = ApplyNetworkStage(try Configuration(ApplyNetworkStage.parameters, given: [:]))
        func work(_ songs: Double, model: Double, port: String = "spectrograms") -> Workload? {
            stage.workload(
                of: PortMap([port: Amount(items: songs, bytes: 4e6), "model": Amount(items: 2, bytes: model)]))
        }
        #expect(
            work(10, model: 1e6)?.amounts == ["songs": 10] && work(10, model: 1e6)?.pace == work(9, model: 1e6)?.pace)
        #expect(work(10, model: 1e6)?.pace != work(10, model: 2e6)?.pace)
        #expect(work(10, model: 1e6, port: "waveforms")?.amounts == ["songs": 10, "bytes": 4e6])
        #expect(work(10, model: 1e6, port: "other") == nil)
    }
}
