import SentioKit
import SentioNN

/// The network of `sequence-train` in `config.json`.
enum SequenceArchitecture {
    /// For `config.json`.
    /// - parameter inputDropout: the network's, as it was given.
    /// - parameter dropout: the network's, as it was given.
    static func value(_ network: SequenceRegressor.Configuration, inputDropout: Double, dropout: Double) -> Value {
        var config: [String: Value] = [
            "cell": .string(network.usesAttention ? attention : network.cell.rawValue),
            "inputs": .int(network.inputs),
            "widths": .list(network.widths.map { .int($0) }), "bidirectional": .bool(network.isBidirectional),
            "input_dropout": .double(inputDropout), "dropout": .double(dropout), "outputs": .int(network.outputs),
        ]
        if network.usesAttention { config["heads"] = .int(network.heads) }
        return .map(config)
    }

    private static let attention = SequenceRecipe.Cell.attention.rawValue

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    static func network(_ config: ModelConfig) throws -> SequenceRegressor.Configuration {
        var network = SequenceRegressor.Configuration(
            inputs: try config.int("inputs", in: 1...1 << 20),
            outputs: try config.int("outputs", in: ModelConfig.outputs))
        let cell: SequenceRecipe.Cell = try config.choice("cell")
        network.cell = cell == .lstm ? .lstm : .gru
        network.widths = try config.ints("widths", in: 1...4096)
        network.isBidirectional = try config.flag("bidirectional")
        network.inputDropout = try config.rate("input_dropout")
        network.dropout = try config.rate("dropout")
        if network.widths.isEmpty { throw config.fault("widths", needs: "a list of at least one") }
        guard cell == .attention else { return network }
        network.heads = try config.int("heads", in: 1...4096)
        guard Set(network.widths).count == 1 else { throw config.fault("widths", needs: "a list of one width") }
        guard network.widths[0] % network.heads == 0 else {
            throw config.fault("heads", needs: "a divisor of the width, \(network.widths[0])")
        }
        return network
    }
}
