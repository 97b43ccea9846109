public import SentioNumerics

/// Trains epoch after epoch, and can be saved and taken up again after any step. What an epoch gives is each trainer's
/// own.
public protocol Trainer: AnyObject {
    /// Epochs done.
    var epoch: Int { get }
    /// Steps done of the epoch that is under way.
    var stepsOfEpoch: Int { get }
    var stepsPerEpoch: Int { get }
    /// Everything that the rest of the training depends on, between epochs and within one.
    var state: SafetensorsFile { get }
    /// Goes back to a state that was saved.
    /// - Throws: `TrainingError.foreignState`; nothing is changed then.
    func restore(_ file: SafetensorsFile) throws
}

extension RegressionTrainer: Trainer {}
extension AdversarialTrainer: Trainer {}
