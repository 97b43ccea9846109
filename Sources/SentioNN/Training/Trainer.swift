public import SentioNumerics

/// Trains epoch by epoch, and can be saved and resumed after any step. What an epoch returns is up to each trainer.
public protocol Trainer: AnyObject {
    /// Epochs done.
    var epoch: Int { get }
    /// Steps done of the current epoch.
    var stepsOfEpoch: Int { get }
    /// Steps of a whole epoch.
    var stepsPerEpoch: Int { get }
    /// Everything that the rest of the training depends on; valid between epochs and between steps.
    var state: SafetensorsFile { get }
    /// Returns to a saved state.
    /// - Throws: `TrainingError.foreignState`; nothing is changed then.
    func restore(_ file: SafetensorsFile) throws
}

extension RegressionTrainer: Trainer {}
extension AdversarialTrainer: Trainer {}
