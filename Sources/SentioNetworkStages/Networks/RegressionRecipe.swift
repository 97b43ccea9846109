import SentioKit
import SentioLearn
import SentioNN
import SentioSongStages

/// What every training of ratings has: its length, and what decides which weights it keeps.
protocol RegressionRecipe: Sendable {
    var epochs: Int { get }
    var learningRate: Double { get }
    var schedule: ScheduleChoice { get }
    /// Epochs without a lower validation loss after which training stops; 0: never.
    var patience: Int { get }
    var keep: Keep { get }
    var fitOn: [SplitSet] { get }
}

extension RegressionRecipe {
    /// Whether the result depends on validation songs, which then count as seen.
    var choosesByValidation: Bool { validationChooser != nil }

    /// The parameter that makes the result depend on validation songs, and its value that does not.
    var validationChooser: (parameter: String, without: String)? {
        if patience > 0 { return ("patience", "0") }
        if keep == .best { return ("keep", "last") }
        return schedule.type.watchesValidation ? ("schedule", "constant") : nil
    }

    /// - Throws: `ConfigurationErrors` if validation songs are both trained on and decide the result.
    func requireSeparateValidation() throws(ConfigurationErrors) {
        guard let chooser = validationChooser, fitOn.contains(.validation) else { return }
        throw ConfigurationErrors(
            chooser.parameter,
            "the validation songs decide which weights are kept, so they cannot be in `fit_on` as well.")
    }

    /// The epoch whose weights are kept, from 0.
    func keptEpoch(_ history: TrainingHistory) -> Int {
        keep == .best ? history.best ?? history.epochs.count - 1 : history.epochs.count - 1
    }

    /// What the validation loss says about the length of a training that is over; nil: nothing.
    func verdict(on history: TrainingHistory) -> String? {
        guard choosesByValidation, let best = history.best else { return nil }
        if history.epochs.count < epochs {
            return "Stopped early: the validation loss was lowest in epoch \(best + 1)."
        }
        guard best == history.epochs.count - 1 else { return nil }
        return "The validation loss was still falling in the last of `epochs`, \(epochs); more may be better."
    }
}
