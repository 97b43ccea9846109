import SentioKit
import SentioNN

/// The network of `sequence-train` in `config.json`.
enum SequenceArchitecture {
    /// For `config.json`.
    /// - parameter inputDropout: the network's, as it was given.
    /// - parameter dropout: the network's, as it was given.
    static func value(_ network: SequenceRegressor.Configuration, inputDropout: Double, dropout: Double) -> Value {
        [
            "cell": .string(network.cell.rawValue), "inputs": .int(network.inputs),
            "widths": .list(network.widths.map { .int($0) }), "bidirectional": .bool(network.isBidirectional),
            "input_dropout": .double(inputDropout), "dropout": .double(dropout), "outputs": .int(network.outputs),
        ]
    }

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    static func network(_ config: ModelConfig) throws -> SequenceRegressor.Configuration {
        var network = SequenceRegressor.Configuration(
            inputs: try config.int("inputs", in: 1...1 << 20),
            outputs: try config.int("outputs", in: ModelConfig.outputs))
        network.cell = try config.choice("cell")
        network.widths = try config.ints("widths", in: 1...4096)
        network.isBidirectional = try config.flag("bidirectional")
        network.inputDropout = try config.rate("input_dropout")
        network.dropout = try config.rate("dropout")
        if network.widths.isEmpty { throw config.fault("widths", needs: "a list of at least one") }
        return network
    }
}
