import SentioKit
import SentioNN
import SentioNumerics
import SentioPretrained
import SentioSongStages
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

/// `pretrained`, `embed`, `embedding-features`, `join-features`: what the stages add to the networks, which have their
/// own tests.
@Suite struct EmbeddingStagesTests {
    let harness = StageHarness()

    /// The weights of a network of the published size, drawn at random.
    private static func weights(_ model: some Layer, _ architecture: String) throws -> [UInt8] {
        let parameters = ParameterSet(model, seed: 3)
        let tensors = parameters.entries.map {
            ($0.name, SafetensorsFile.Tensor(shape: $0.parameter.shape.dims, values: Array(parameters[$0])))
        }
        let tags = "[" + (0..<50).map { "\"tag \($0)\"" }.joined(separator: ",") + "]"
        return try SafetensorsFile(
            Dictionary(uniqueKeysWithValues: tensors), metadata: ["architecture": architecture, "tags": tags]
        ).bytes()
    }

    private func pretrained(_ bytes: [UInt8], model: String = "musicnn") throws -> Manifest {
        let file = SourceFile(name: "w.safetensors", path: "/models/w.safetensors", blob: harness.store.write(bytes))
        return try #require(
            try harness.run(PretrainedStage.self, with: ["model": .string(model)], sourceFiles: ["weights": [file]])[
                "weights"])
    }

    private func samples(seconds: Double) -> [Float] {
        (0..<Int(16_000 * seconds)).map { Float(($0 * $0 / 37) % 200) / 400 - 0.25 }
    }

    private func embed(_ weights: [UInt8], _ samples: [Float]) throws -> (array: NpyArray, warnings: [String]) {
        let stage = EmbedStage(try Configuration(EmbedStage.parameters, given: [:]))
        let worker = try stage.makeWorker(
            SharedInputs(attributes: ["waveforms": ["sample_rate": 16_000]], files: ["weights": weights]))
        let item = Item(id: "a", bytes: ["waveforms": NpyFile.write(NpyArray(samples, shape: [samples.count]))])
        return (try NpyFile.read(try worker.process(item)), item.warnings)
    }

    @Test func aRowForEachThreeSecondsThatDependsOnItsPatchAlone() throws {
        let weights = try Self.weights(MusiCNN(), "musicnn"), long = samples(seconds: 7)
        let (array, warnings) = try embed(weights, long)
        #expect(array.shape == [2, 200 + 753 + 753 + 50])
        #expect(warnings.isEmpty)
        let isFinite = array.floats.allSatisfy(\.isFinite)
        #expect(isFinite)
        #expect(Array(array.floats[..<1756]) != Array(array.floats[1756...]))
        // The first patch ends at frame 186, whose window ends 256 samples behind sample 186 * 256.
        let (first, _) = try embed(weights, Array(long[..<(187 * 256 + 256)]))
        #expect(first.shape == [1, 1756])
        #expect(first.floats == Array(array.floats[..<1756]))
        #expect(try embed(weights, long).array == array, "the same bytes each time")
    }

    @Test func aShortSongIsRepeatedAndSaysSo() throws {
        let (array, warnings) = try embed(try Self.weights(VGG(), "vgg"), samples(seconds: 1))
        #expect(array.shape == [1, 256 + 128 + 50])
        #expect(warnings == ["shorter than the network's 3 s patch; repeated to fill it"])
    }

    @Test func theWeightsSayWhatTheyAre() throws {
        let manifest = try pretrained(try Self.weights(MusiCNN(), "musicnn"))
        #expect(manifest.attributes["architecture"] == "musicnn")
        #expect(manifest.attributes["tags"]?.list?.count == 50)
        #expect(
            manifest.attributes["parts"]?.list?.map { $0["name"]?.string ?? "" } == [
                "penultimate", "mean_pool", "max_pool", "tags",
            ])
        #expect(manifest.entries[0].file == "musicnn.safetensors")
    }

    @Test func whatCannotBeUsedGetsASentence() throws {
        let missing = sentence { try harness.run(PretrainedStage.self) }
        #expect(missing.hasPrefix("The weights of `musicnn` are not on this machine ("), "\(missing)")
        #expect(missing.hasSuffix("Get them with `sentio-pipeline models get musicnn`."))
        let vgg = try Self.weights(VGG(), "vgg")
        #expect(
            sentence { _ = try pretrained(vgg) }
                == "These are not the weights of `musicnn`: /models/w.safetensors says that it is `vgg`.")
        let nameless = try SafetensorsFile([:]).bytes()
        #expect(
            sentence { _ = try pretrained(nameless) }
                == "These are not the weights of `musicnn` or `vgg`: the metadata of the file name no `architecture`.")
        let cut = SafetensorsFile(
            ["tags.bias": .init(shape: [50], values: .init(repeating: 0, count: 50))], metadata: ["architecture": "vgg"]
        )
        let bytes = try cut.bytes()
        #expect(sentence { _ = try pretrained(bytes, model: "vgg") }.hasPrefix("These are not the weights of `vgg`: "))
        let stage = EmbedStage(try Configuration(EmbedStage.parameters, given: [:]))
        #expect(
            sentence {
                _ = try stage.makeWorker(
                    SharedInputs(attributes: ["waveforms": ["sample_rate": 22_050]], files: ["weights": vgg]))
            }
                == "The network was trained on audio at 16000 Hz, but `waveforms` are at 22050 Hz. Decode them at the network's rate: `with: { sample_rate: 16000 }`."
        )
    }

    // MARK: Features

    private func embeddings() -> Manifest {
        // Two parts of 2 and 1 values; three patches.
        let values: [Float] = [1, 10, 100, 2, 20, 200, 6, 60, 600]
        let blob = harness.store.write(NpyFile.write(NpyArray(values, shape: [3, 3])))
        return Manifest(
            type: .embeddings,
            attributes: [
                "parts": [["name": "penultimate", "size": 2], ["name": "tags", "size": 1]], "tags": ["jazz"],
                "architecture": "musicnn",
            ], entries: [.init(id: "a", file: "a.npy", blob: blob, sources: [StageHarness.song("a")])])
    }

    private func features(_ given: [String: Value]) throws -> (columns: [String], values: [Double]) {
        let manifest = try harness.runItems(EmbeddingFeaturesStage.self, with: given, port: "embeddings", embeddings())
        let columns = manifest.attributes["columns"]?.list?.compactMap(\.string) ?? []
        return (columns, try NpyFile.read(try harness.store.read(manifest.entries[0].blob)).doubles)
    }

    @Test func statisticsOverPatches() throws {
        let all = try features([:])
        #expect(all.columns == ["penultimate.mean.0", "penultimate.mean.1", "tags.mean.jazz"])
        #expect(all.values == [3, 30, 300])
        let some = try features(["parts": ["penultimate"], "statistics": ["std", "max", "min"]])
        #expect(
            some.columns == [
                "penultimate.std.0", "penultimate.std.1", "penultimate.max.0", "penultimate.max.1", "penultimate.min.0",
                "penultimate.min.1",
            ])
        // numpy.std([1, 2, 6]) = 2.160246899469287
        #expect(
            zip(some.values, [2.160246899469287, 21.60246899469287, 6, 60, 1, 10]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func aPartThatIsNotThereIsNamed() {
        #expect(
            sentence { _ = try features(["parts": ["penultimat"]]) }
                == "The embeddings have no part `penultimat`; they have penultimate, tags. Did you mean `penultimate`?")
    }

    @Test func featuresAreJoinedSongBySong() throws {
        let study = try ToyStudy(harness, count: 5)
        let other = Table(
            columns: ["song_id", "loud"], rows: study.ids.dropFirst().map { [$0, "2.5"] } + [["elsewhere", "1"]])
        let table = Manifest(
            type: .featureTable,
            entries: [.init(id: "table", file: "t.csv", blob: harness.write(other), sources: [])],
            rows: other.rows.map { .init(id: $0[0], sources: [StageHarness.song($0[0])]) })
        let joined = try #require(
            try harness.run(JoinFeaturesStage.self, inputs: ["own": study.features, "more": table])["features"])
        let rows = try harness.table(joined)
        #expect(
            rows.columns.first == "song_id" && rows.columns.dropFirst().first == "loud",
            "byte order of the inputs' names: \(rows.columns)")
        #expect(rows.rows.map { $0[0] } == Array(study.ids.dropFirst()))
        #expect(
            harness.services.warnings.sorted() == [
                "1 song of `more` is not in every input and is left out: elsewhere.",
                "1 song of `own` is not in every input and is left out: \(study.ids[0]).",
            ])
        let clash = sentence {
            try harness.run(JoinFeaturesStage.self, inputs: ["own": study.features, "twin": study.features])
        }
        #expect(clash.contains("is in both `own` and `twin`"), "\(clash)")
    }
}
