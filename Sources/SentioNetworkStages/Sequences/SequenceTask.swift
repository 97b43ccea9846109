import SentioBase
import SentioKit
import SentioNN
import SentioNumerics

/// Trains a network to predict ratings over time, watches validation songs, and keeps the best weights where they are
/// asked for.
final class SequenceTask: EpochTask {
    private static let bestPrefix = "best:"

    /// Validation songs, and their scaled ratings [songs, steps · dimensions], NaN where there are none.
    struct Validation {
        let source: SequenceSource
        let truth: [Double]
    }

    private let context: StageContext
    private let recipe: SequenceRecipe
    private let dimensions: [String]
    private let regression: RegressionTrainer
    private let validation: Validation?
    private var best: SafetensorsFile?

    init(
        _ context: StageContext, _ recipe: SequenceRecipe, dimensions: [String], _ trainer: RegressionTrainer,
        _ validation: Validation?
    ) {
        self.context = context
        self.recipe = recipe
        self.dimensions = dimensions
        regression = trainer
        self.validation = validation
    }

    var trainer: any Trainer { regression }
    /// The weights that predict.
    var weights: SafetensorsFile { best ?? regression.weights }

    func start() { best = nil }

    func isDone(_ history: TrainingHistory) -> Bool { history.hasStopped(patience: recipe.patience) }

    func runEpoch(_ history: TrainingHistory, onStep: (EpochProgress) throws -> Void) throws -> [String: Double] {
        regression.rateFactor = regression.settings.schedule.factor(
            after: history.validationLosses, rate: recipe.learningRate)
        let clock = ContinuousClock(), began = clock.now, firstStep = regression.stepsOfEpoch
        let epoch = try regression.runEpoch { step, loss in try onStep(progress(step: step, loss: loss)) }
        let seconds = (clock.now - began) / .seconds(1)
        var values = try scores("train", epoch.predictions, epoch.targets)
        values["train.loss"] = epoch.loss
        values["learning_rate"] = epoch.learningRate
        values["gradient_norm"] = epoch.gradientNorm
        values[TrainingHistory.speed] =
            Double(regression.samplesPerEpoch - firstStep * regression.settings.batch) / seconds
        if let validation { values.merge(try validate(validation)) { $1 } }
        return values
    }

    private func validate(_ songs: Validation) throws -> [String: Double] {
        let context = context
        let predicted = try regression.predict(songs.source) { _ in try context.checkCancelled() }
        guard predicted.allSatisfy(\.isFinite) else {
            throw TrainingError.diverged(epoch: regression.epoch - 1, step: regression.stepsPerEpoch, losses: [])
        }
        var values = try scores("validation", predicted, songs.truth)
        values[TrainingHistory.validationLoss] =
            regression.settings.loss.evaluate(
                prediction: predicted, truth: songs.truth, dimensions: songs.source.dimensions
            ).value
        return values
    }

    /// R² and CCC of each dimension over all rated steps.
    func scores(_ set: String, _ predictions: [Double], _ truth: [Double]) throws -> [String: Double] {
        let width = dimensions.count
        let rows = (0..<truth.count / width).filter { row in
            truth[(row * width)..<((row + 1) * width)].allSatisfy(\.isFinite)
        }
        func chosen(_ values: [Double]) -> [Double] {
            rows.flatMap { values[($0 * width)..<(($0 + 1) * width)] }
        }
        return try TrainingHistory.scores(set, chosen(predictions), chosen(truth), dimensions: dimensions)
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
        let songs = regression.samplesPerEpoch
        return EpochProgress(
            done: regression.epoch * songs + min(step * regression.settings.batch, songs), total: recipe.epochs * songs,
            note:
                "songs, epoch \(regression.epoch + 1) of \(recipe.epochs), step \(step) of "
                + "\(regression.stepsPerEpoch), loss \(NumberText.three(loss))"
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
        return line + ", \(number(TrainingHistory.speed)) songs/s"
    }
}
