import SentioKit
import SentioNN

/// What a network is made for.
struct NetworkShape: Sendable {
    let mels: Int
    /// Of one crop.
    let frames: Int
    /// Rated dimensions.
    let outputs: Int
}

/// A network that a kind hands to `NetworkTraining`.
struct TrainableNetwork {
    let network: RegressionTrainer.Network
    /// Samples that go through it at once, on one core; 0: the whole batch on all cores, as batch normalisation needs.
    let microBatch: Int
    /// For `config.json`: `sentio-ast`.
    let format: String
    /// For `config.json`: all that the network is rebuilt from.
    let architecture: Value
    /// Starting values by parameter, where the seed's are not wanted.
    var startingValues: [String: [Float]] = [:]

    /// Trained numbers.
    var parameterCount: Int {
        network.layer.parameters.reduce(0) { $0 + ($1.parameter.isTrained ? $1.parameter.shape.count : 0) }
    }
}
