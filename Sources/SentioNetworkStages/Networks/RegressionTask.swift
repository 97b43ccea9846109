import SentioBase
import SentioKit
import SentioNN
import SentioNumerics

/// Trains a network to predict ratings, of songs or of each moment of them, scores validation songs after each epoch,
/// and keeps the best weights if the recipe asks for them.
final class RegressionTask: EpochTask {
    private static let bestPrefix = "best:"

    private let context: StageContext
    private let recipe: any RegressionRecipe
    private let dimensions: [String]
    private let regression: RegressionTrainer
    private let startingValues: [String: [Float]]
    private let validation: ValidationSongs?
    private var best: SafetensorsFile?

    /// - parameter startingValues: by parameter, in place of random ones.
    init(
        _ context: StageContext, _ recipe: any RegressionRecipe, dimensions: [String], _ trainer: RegressionTrainer,
        startingValues: [String: [Float]] = [:], _ validation: ValidationSongs?
    ) {
        self.context = context
        self.recipe = recipe
        self.dimensions = dimensions
        regression = trainer
        self.startingValues = startingValues
        self.validation = validation
    }

    var trainer: any Trainer { regression }
    /// The weights that predict.
    var weights: SafetensorsFile { best ?? regression.weights }

    func start() {
        best = nil
        regression.start(from: startingValues)
    }

    func isDone(_ history: TrainingHistory) -> Bool { history.hasStopped(patience: recipe.patience) }

    func runEpoch(_ history: TrainingHistory, onStep: (EpochProgress) throws -> Void) throws -> [String: Double] {
        regression.rateFactor = regression.settings.schedule.factor(
            after: history.validationLosses, rate: recipe.learningRate)
        let clock = ContinuousClock(), began = clock.now, firstStep = regression.stepsOfEpoch
        let epoch = try regression.runEpoch { step, loss in try onStep(progress(step: step, loss: loss)) }
        let seconds = (clock.now - began) / .seconds(1)
        var values = try TrainingHistory.scores("train", epoch.predictions, epoch.targets, dimensions: dimensions)
        values["train.loss"] = epoch.loss
        values["learning_rate"] = epoch.learningRate
        values["gradient_norm"] = epoch.gradientNorm
        values[TrainingHistory.speed] =
            Double(regression.samplesPerEpoch - firstStep * regression.settings.batch) / seconds
        if let validation { values.merge(try validate(validation)) { $1 } }
        return values
    }

    private func validate(_ songs: ValidationSongs) throws -> [String: Double] {
        let context = context
        let predicted = songs.source.averaged(
            try regression.predict(songs.source) { _ in try context.checkCancelled() })
        guard predicted.allSatisfy(\.isFinite) else {
            throw TrainingError.diverged(epoch: regression.epoch - 1, step: regression.stepsPerEpoch, losses: [])
        }
        var values = try TrainingHistory.scores("validation", predicted, songs.truth, dimensions: dimensions)
        values[TrainingHistory.validationLoss] =
            regression.settings.loss.evaluate(
                prediction: predicted, truth: songs.truth, dimensions: songs.source.dimensions,
                shares: regression.settings.dimensionWeights
            ).value
        return values
    }

    func keep(_ history: TrainingHistory) {
        if recipe.keep == .best, history.best == history.epochs.count - 1 { best = regression.weights }
    }

    /// The trainer's sentence with the losses of whole epochs.
    func failure(_ error: TrainingError, _ history: TrainingHistory) -> StageFailure {
        let losses = history.epochs.compactMap { $0["train.loss"] }.suffix(10).map { NumberText.three($0) }
        return StageFailure(
            "\(error)" + (losses.isEmpty ? "" : " Losses of the epochs before: \(losses.joined(separator: ", "))."))
    }

    // MARK: In a checkpoint

    func save(into checkpoint: inout SafetensorsFile) {
        for (name, tensor) in best?.tensors ?? [:] { checkpoint.tensors[Self.bestPrefix + name] = tensor }
    }

    func restore(from checkpoint: inout SafetensorsFile, _ history: TrainingHistory) {
        var file = SafetensorsFile(metadata: ["format": "pt"])
        for name in checkpoint.tensors.keys where name.hasPrefix(Self.bestPrefix) {
            file.tensors[String(name.dropFirst(Self.bestPrefix.count))] = checkpoint.tensors.removeValue(forKey: name)
        }
        best = file.tensors.isEmpty ? nil : file
    }

    // MARK: What is said

    private func progress(step: Int, loss: Double) -> EpochProgress {
        let steps = regression.stepsPerEpoch, songs = regression.samplesPerEpoch
        return EpochProgress(
            done: regression.epoch * songs + min(step * regression.settings.batch, songs), total: recipe.epochs * songs,
            note:
                "samples, epoch \(regression.epoch + 1) of \(recipe.epochs), step \(step) of \(steps), loss "
                + "\(NumberText.three(loss))"
        )
    }

    func line(_ history: TrainingHistory) -> String {
        let values = history.epochs.last ?? [:]
        func number(_ name: String) -> String { values[name].map { NumberText.three($0) } ?? "–" }
        var line = "epoch \(history.epochs.count) of \(recipe.epochs): loss \(number("train.loss"))"
        if values[TrainingHistory.validationLoss] != nil {
            line += ", validation \(number(TrainingHistory.validationLoss))"
            line += dimensions.map { ", CCC of \($0) \(number("validation.\($0).ccc"))" }.joined()
        }
        return line + ", \(number(TrainingHistory.speed)) samples/s"
    }
}
