import SentioKit
import SentioNumerics
import SentioTesting
import StageTestSupport
import Testing

@testable import SentioNetworkStages

/// A training that starts from a trained generator and its critic.
@Suite struct InitialGANTests {
    let harness = StageHarness()
    private let study: GANStudy
    private let trained: [String: Manifest]

    init() throws {
        study = try GANStudy(harness)
        var outputs = try study.train()
        // As if it had been trained on other songs.
        for port in ["generator", "critic"] {
            outputs[port]?.lineage = Lineage([StageHarness.song("elsewhere")])
        }
        trained = outputs
    }

    private func goOn(
        _ given: [String: Value] = [:], ports: Set<String> = ["initial_generator", "initial_critic"],
        services: (any StageServices)? = nil, _ change: (inout GANStudy) -> Void = { _ in }
    ) throws -> [String: Manifest] {
        var study = study
        change(&study)
        let initial = ["initial_generator": trained["generator"]!, "initial_critic": trained["critic"]!].filter {
            ports.contains($0.key)
        }
        return try harness.run(
            GANTrainStage.self, with: GANStudy.tiny.merging(["epochs": 1]) { $1 }.merging(given) { $1 },
            inputs: study.study.inputs.merging(initial) { $1 }, seed: 8, services: services)
    }

    private func weights(_ outputs: [String: Manifest], _ port: String) throws -> SafetensorsFile {
        let entry = try #require(outputs[port]?.entry("weights.safetensors"))
        return try SafetensorsFile(bytes: try harness.store.read(entry.blob))
    }

    /// The largest difference of two files' trained values: the statistics of batch norms follow the songs.
    private func difference(_ a: SafetensorsFile, _ b: SafetensorsFile) -> Float {
        a.tensors.filter { !$0.key.contains("running_") }.map { name, tensor in
            zip(tensor.values, b.tensors[name]?.values ?? []).map { ($0 - $1).magnitude }.max() ?? .infinity
        }.max() ?? .infinity
    }

    /// With rates of nearly 0 the weights stay where they started.
    @Test func theWeightsAreWhereItStarts() throws {
        let still: [String: Value] = ["generator_rate": 1e-9, "critic_rate": 1e-9]
        let both = try goOn(still), alone = try goOn(still, ports: ["initial_generator"]),
            fresh = try goOn(still, ports: [])
        let start = try weights(trained, "generator")
        #expect(difference(start, try weights(both, "generator")) < 1e-6)
        #expect(difference(start, try weights(alone, "generator")) < 1e-6)
        #expect(difference(start, try weights(fresh, "generator")) > 1e-3)
        func kernel(_ outputs: [String: Manifest]) throws -> [Float] {
            try #require(try weights(outputs, "critic").tensors["conv.0.weight"]).values
        }
        func moved(_ outputs: [String: Manifest]) throws -> Float {
            zip(try kernel(trained), try kernel(outputs)).map { ($0 - $1).magnitude }.max() ?? .infinity
        }
        #expect(try moved(both) < 1e-5)
        #expect(try moved(alone) > 1e-3)
    }

    @Test func theScalingIsThatOfTheGenerator() throws {
        func scaling(_ outputs: [String: Manifest]) throws -> Value? {
            try JSON.parse(Array(harness.text(#require(outputs["generator"]), "config.json").utf8))["range"]
        }
        func louder(_ study: inout GANStudy) {
            for entry in study.study.spectrograms.entries {
                guard let bytes = try? harness.store.read(entry.blob), let array = try? NpyFile.read(bytes) else {
                    continue
                }
                study.study.replace(
                    entry.id, NpyFile.write(NpyArray(array.floats.map { $0 + 20 }, shape: array.shape)))
            }
        }
        #expect(try scaling(goOn(["scaling": "bands"])) == scaling(trained))
        #expect(try scaling(goOn([:], louder)) == scaling(trained))
        #expect(try scaling(goOn([:], ports: [], louder)) != scaling(trained))
    }

    @Test func theSongsBehindItCountAsSeen() throws {
        let own = try study.study.songs(in: "train").map(StageHarness.song), outputs = try goOn()
        for port in ["generator", "critic", "history", "sheets"] {
            #expect(outputs[port]?.lineage == Lineage(own + [StageHarness.song("elsewhere")]), "\(port)")
        }
        #expect(try goOn(ports: [])["generator"]?.lineage == Lineage(own))
    }

    @Test func aStoppedTrainingGoesOn() throws {
        let whole = try goOn(["epochs": 3]), stopped = StoppingServices(after: 3)
        #expect(throws: StageCancelled.self) { try goOn(["epochs": 3], services: stopped) }
        let goesOn = StoppingServices(
            after: .max, checkpoints: stopped.behind.loadCheckpoint(name: StoppingServices.checkpoint))
        #expect(try goOn(["epochs": 3], services: goesOn) == whole)
    }

    @Test func whatDoesNotFitIsASentence() {
        #expect(
            sentence { _ = try goOn(["dim": 12]) }.contains(
                "has 16 mels x 16 frames, dim 8 and noise 4, but this stage is set to 16 mels x 16 frames, dim 12"))
        #expect(
            sentence { _ = try goOn([:]) { $0.study.labels.attributes["scale"] = [0, 10] } }.contains(
                "rated 1 to 9, but these labels are valence and arousal rated 0 to 10"))
        #expect(
            sentence { _ = try goOn([:]) { $0.study.spectrograms.attributes["hop_length"] = 256 } }.contains(
                "with hop_length 128, but these have hop_length 256"))
        #expect(
            sentence { _ = try goOn(["norm": "none"]) }.hasPrefix("The critic on `initial_critic` is another network"))
        #expect(sentence { _ = try goOn(["norm": "none"], ports: ["initial_generator"]) } == "(nothing was thrown)")
        #expect(
            sentence { _ = try goOn(ports: ["initial_critic"]) }.contains("connected without `initial_generator`"))
    }
}
