import SentioBase

/// Why a training cannot continue.
public enum TrainingError: Error, Equatable, Sendable {
    /// The loss or a gradient is NaN or infinite; `losses` are the last ones before, epoch and step count from 0.
    case diverged(epoch: Int, step: Int, losses: [Double])
    /// A stored state does not fit the model.
    case foreignState(reason: String)
}

extension TrainingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .diverged(let epoch, let step, let losses):
            "The training diverged in epoch \(epoch + 1), step \(step): the loss is no longer a number"
                + (losses.isEmpty
                    ? "" : " (losses before: \(losses.map { NumberText.rounded($0, to: 4) }.joined(separator: ", ")))")
                + ". Lower the learning rate, clip gradients (`clip: 1`), or train in float32."
        case .foreignState(let reason):
            "The stored training state does not fit this model: \(reason). Remove the checkpoint, or restore the "
                + "settings that it was saved with."
        }
    }
}
