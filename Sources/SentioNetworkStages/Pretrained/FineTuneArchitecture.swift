import SentioKit
import SentioNN

/// Everything needed to rebuild a fine-tuned network: the encoder, the head, and the collections that the head tells
/// apart.
struct FineTuneArchitecture: Equatable {
    let encoder: Encoder.Architecture
    /// The number of contexts is that of `contexts`.
    let network: EncoderRegressor.Configuration
    /// The collections, in the order of their weights.
    let contexts: [String]

    init(encoder: Encoder.Architecture, network: EncoderRegressor.Configuration, contexts: [String]) {
        self.encoder = encoder
        self.network = network
        self.contexts = contexts
    }

    /// For `config.json`.
    var value: Value {
        [
            "encoder": .string(encoder.rawValue), "train": .string(network.part.rawValue),
            "features": .string(network.features.rawValue), "head_hidden": .int(network.headHidden),
            "dropout": .double(Double(written: network.dropout)),
            "contexts": .list(contexts.map { .string($0) }), "outputs": .int(network.outputs),
        ]
    }

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    init(_ config: ModelConfig) throws {
        encoder = try config.choice("encoder")
        contexts = try config.names("contexts")
        var network = EncoderRegressor.Configuration()
        network.part = try config.choice("train")
        network.features = try config.choice("features")
        network.headHidden = try config.int("head_hidden", in: 0...65_536)
        network.dropout = try config.rate("dropout")
        network.outputs = try config.int("outputs", in: ModelConfig.outputs)
        network.contexts = contexts.count
        self.network = network
    }
}
