import SentioKit
import SentioNN

/// The input and output sizes of a network.
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
    /// Samples processed at once on one core; 0: the whole batch on all cores, as batch normalization needs.
    let microBatch: Int
    /// For `config.json`.
    let format: NetworkFormat
    /// For `config.json`: everything needed to rebuild the network.
    let architecture: Value
    /// Initial values by parameter, where they do not come from the seed.
    var startingValues: [String: [Float]] = [:]

    /// Number of trained parameters.
    var parameterCount: Int {
        network.layer.parameters.reduce(0) { $0 + ($1.parameter.isTrained ? $1.parameter.shape.count : 0) }
    }
}
