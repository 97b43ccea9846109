import SentioKit
import SentioNN
import SentioNumerics

extension NetworkTraining {
    /// Trains from the last checkpoint, or from the start, to the end.
    ///
    /// - returns: the history, and the weights that predict.
    /// - throws: `StageFailure` for a training that diverges, `StageCancelled`, `BlobStoreError`.
    func train(
        _ trainer: RegressionTrainer, _ trainable: TrainableNetwork, _ validation: ValidationSongs?
    ) throws -> (TrainingHistory, SafetensorsFile) {
        var (history, best) = try resume(trainer, trainable)
        for (index, epoch) in history.epochs.enumerated() { emit(epoch, number: index + 1) }
        let clock = ContinuousClock()
        var saved = clock.now, isSaved = false
        func save() throws {
            try context.services.saveCheckpoint(
                try TrainingCheckpoint(trainer, history: history, best: best).encoded(), name: TrainingCheckpoint.name,
                at: mark(trainer))
            (saved, isSaved) = (clock.now, true)
        }
        while trainer.epoch < recipe.epochs, !history.hasStopped(patience: recipe.patience) {
            if recipe.schedule == .plateau {
                trainer.rateFactor = recipe.plateau.factor(after: history.validationLosses, rate: recipe.learningRate)
            }
            let began = clock.now, firstStep = trainer.stepsOfEpoch
            let epoch: RegressionTrainer.Epoch
            do {
                epoch = try trainer.runEpoch { step, loss in
                    isSaved = false
                    progress(trainer, step: step, loss: loss)
                    if context.services.isCancelled {
                        // A stop on purpose loses nothing.
                        try save()
                        throw StageCancelled()
                    }
                    if clock.now - saved >= .seconds(recipe.checkpointSeconds) { try save() }
                }
            } catch let error as TrainingError {
                throw Self.failure(error, history)
            }
            let seconds = (clock.now - began) / .seconds(1)
            var values = try TrainingHistory.scores("train", epoch.predictions, epoch.targets, dimensions: dimensions)
            values["train.loss"] = epoch.loss
            values["learning_rate"] = epoch.learningRate
            values["gradient_norm"] = epoch.gradientNorm
            values[TrainingHistory.speed] =
                Double(epoch.predictions.count / dimensions.count - firstStep * trainer.settings.batch) / seconds
            if let validation { values.merge(try validate(trainer, validation, history)) { $1 } }
            history.epochs.append(values)
            if recipe.keep == .best, history.best == history.epochs.count - 1 { best = trainer.weights }
            isSaved = false
            emit(values, number: history.epochs.count)
            say(values, history)
            // Short epochs need not each be written.
            if clock.now - saved >= .seconds(recipe.checkpointSeconds / 10) { try save() }
        }
        if !isSaved { try save() }
        if trainer.epoch < recipe.epochs, let best = history.best {
            context.services.log("Stopped: the validation loss was lowest in epoch \(best + 1).")
        }
        return (history, best ?? trainer.weights)
    }

    /// What an earlier attempt left; a checkpoint that cannot be used is said aloud and left alone.
    private func resume(_ trainer: RegressionTrainer, _ trainable: TrainableNetwork) throws -> (TrainingHistory, SafetensorsFile?) {
        if let bytes = try context.services.loadCheckpoint(name: TrainingCheckpoint.name) {
            do {
                let checkpoint = try TrainingCheckpoint(bytes)
                if checkpoint.epochs <= recipe.epochs {
                    try trainer.restore(checkpoint.state)
                    context.services.goesOn(from: mark(trainer))
                    context.services.log("Goes on from epoch \(trainer.epoch + 1), step \(trainer.stepsOfEpoch + 1).")
                    return (checkpoint.history, checkpoint.best)
                }
            } catch {
                context.services.remark("The checkpoint of an earlier attempt is not used: \(error)")
            }
        }
        trainer.start(from: trainable.startingValues)
        return (TrainingHistory(), nil)
    }

    private func mark(_ trainer: RegressionTrainer) -> CheckpointMark {
        let begun = Double(trainer.stepsOfEpoch) / Double(max(1, trainer.stepsPerEpoch))
        return CheckpointMark(unit: "epoch", done: Double(trainer.epoch) + begun, total: Double(recipe.epochs))
    }

    private func validate(_ trainer: RegressionTrainer, _ songs: ValidationSongs, _ history: TrainingHistory) throws -> [String: Double] {
        let context = context
        let predicted = songs.source.averaged(try trainer.predict(songs.source) { _ in try context.checkCancelled() })
        guard predicted.allSatisfy(\.isFinite) else {
            throw Self.failure(.diverged(epoch: trainer.epoch - 1, step: trainer.stepsPerEpoch, losses: []), history)
        }
        var values = try TrainingHistory.scores("validation", predicted, songs.truth, dimensions: dimensions)
        values[TrainingHistory.validationLoss] =
            trainer.settings.loss.evaluate(
                prediction: predicted, truth: songs.truth, dimensions: dimensions.count, shares: dimensionWeights
            ).value
        return values
    }

    /// The trainer's sentence with the losses of whole epochs.
    private static func failure(_ error: TrainingError, _ history: TrainingHistory) -> StageFailure {
        let losses = history.epochs.compactMap { $0["train.loss"] }.suffix(10).map { NumberText.three($0) }
        return StageFailure("\(error)" + (losses.isEmpty ? "" : " Losses of the epochs before: \(losses.joined(separator: ", "))."))
    }

    // MARK: What is said

    private func progress(_ trainer: RegressionTrainer, step: Int, loss: Double) {
        let steps = trainer.stepsPerEpoch, songs = trainer.samplesPerEpoch
        let done = trainer.epoch * songs + min(step * trainer.settings.batch, songs)
        context.services.progress(
            done: done, of: recipe.epochs * songs,
            note: "samples, epoch \(trainer.epoch + 1) of \(recipe.epochs), step \(step) of \(steps), loss \(NumberText.three(loss))")
    }

    private func emit(_ values: [String: Double], number: Int) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { context.services.series(name, step: number, value) }
    }

    private func say(_ values: [String: Double], _ history: TrainingHistory) {
        func number(_ name: String) -> String { values[name].map { NumberText.three($0) } ?? "–" }
        var line = "epoch \(history.epochs.count) of \(recipe.epochs): loss \(number("train.loss"))"
        if values[TrainingHistory.validationLoss] != nil {
            line += ", validation \(number(TrainingHistory.validationLoss))"
            line += dimensions.map { ", CCC of \($0) \(number("validation.\($0).ccc"))" }.joined()
        }
        line += ", \(number(TrainingHistory.speed)) samples/s"
        context.services.log(line)
    }
}
