import SentioKit
import SentioNN
import SentioNumerics
import SentioSongStages
import SentioTesting
import Testing

@testable import SentioNetworkStages

@Suite struct SequenceArchitectureTests {
    private func config(_ network: SequenceRegressor.Configuration, _ more: [String: Value] = [:]) throws -> ModelConfig
    {
        let value = SequenceArchitecture.value(network, inputDropout: 0.2, dropout: 0.2)
        return try ModelConfig(Array(JSON.pretty(.map((value.map ?? [:]).merging(more) { $1 })).utf8))
    }

    @Test func everyNetworkIsReadAsItWasWritten() throws {
        var network = SequenceRegressor.Configuration(inputs: 3, outputs: 2)
        (network.cell, network.widths, network.isBidirectional) = (.lstm, [8, 4], false)
        #expect(try SequenceArchitecture.network(config(network)) == network)
        #expect(try config(network).entries["heads"] == nil)
        network = SequenceRegressor.Configuration(inputs: 3, outputs: 2)
        (network.widths, network.heads) = ([8, 8], 2)
        #expect(try SequenceArchitecture.network(config(network)) == network)
        for (name, value) in [("heads", 3), ("heads", 0), ("widths", [8, 16])] as [(String, Value)] {
            #expect(throws: ModelFault.self) { try SequenceArchitecture.network(config(network, [name: value])) }
        }
    }

    /// With attention, a stored network rates songs as it did after training.
    @Test(arguments: ["gru", "attention"]) func aStoredNetworkRatesAsItDid(_ cell: String) throws {
        let harness = StageHarness(), toys = try SequenceToys(harness)
        let trained = try harness.run(
            SequenceTrainStage.self, with: SequenceStagesTests.tiny.merging(["cell": .string(cell)]) { $1 },
            inputs: toys.inputs)
        let applied = try harness.run(
            ApplySequenceStage.self,
            inputs: ["model": try #require(trained["model"]), "embeddings": toys.embeddings])
        let predictions = try #require(trained["predictions"]), again = try #require(applied["predictions"])
        #expect(again.entries.map(\.id) == toys.ids)
        for id in toys.ids {
            let (one, other) = (try toys.series(predictions, id), try toys.series(again, id))
            let isClose = zip(one.values.values, other.values.values).allSatisfy { abs($0 - $1) < 1e-5 }
            #expect(isClose && one.times == other.times, "\(id)")
        }
    }
}
