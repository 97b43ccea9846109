import SentioKit
import SentioNN

extension GANTraining {
    typealias Sheets = [(name: String, blob: BlobReference)]

    /// Trains from the last checkpoint, or from the start, to the end.
    ///
    /// - throws: `StageFailure` for a training that diverges, or collapses where that ends it; `StageCancelled`,
    ///   `BlobStoreError`.
    func train(_ trainer: AdversarialTrainer, _ watch: SampleWatch) throws -> (TrainingHistory, Sheets) {
        var (history, sheets) = try resume(trainer)
        for (index, epoch) in history.epochs.enumerated() { emit(epoch, number: index + 1) }
        let collapse = CollapseWatch(epochs: recipe.collapseEpochs, of: recipe.epochs), clock = ContinuousClock()
        let sheet = SampleSheet(noise: recipe.noise, condition: dimensions.count, seed: trainer.settings.seed)
        var saved = clock.now, isSaved = false, warned = collapse.problem(history)
        func save() throws {
            try context.services.saveCheckpoint(
                try GANCheckpoint(state: trainer.state, history: history, sheets: sheets).encoded(), name: GANCheckpoint.name,
                at: mark(trainer))
            (saved, isSaved) = (clock.now, true)
        }
        while trainer.epoch < recipe.epochs {
            let began = clock.now, first = trainer.stepsOfEpoch
            let epoch: AdversarialTrainer.Epoch
            do {
                epoch = try trainer.runEpoch { step, criticLoss, generatorLoss in
                    isSaved = false
                    progress(trainer, step: step, criticLoss, generatorLoss)
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
            let sampler = GeneratorSampler(trainer.generator, values: trainer.generatorValues, threads: trainer.settings.threads)
            var values = try watch.measure(sampler)
            guard values.values.allSatisfy(\.isFinite) else {
                throw Self.failure(.diverged(epoch: trainer.epoch - 1, step: trainer.stepsPerEpoch, losses: []), history)
            }
            values.merge(Self.values(epoch)) { $1 }
            values[TrainingHistory.speed] = Double((trainer.stepsPerEpoch - first) * recipe.batch) / seconds
            history.epochs.append(values)
            if trainer.epoch % recipe.sheetEvery == 0 || trainer.epoch == recipe.epochs {
                let number = String(trainer.epoch),
                    name = "epoch-" + String(repeating: "0", count: max(0, 4 - number.count)) + number + ".png"
                sheets.append((name, try context.store(try sheet.image(sampler).bytes)))
            }
            isSaved = false
            emit(values, number: history.epochs.count)
            say(values, history)
            if let problem = collapse.problem(history) {
                if recipe.onCollapse == .stop, case .collapsed(let sentence) = problem { throw StageFailure(sentence) }
                // Once for each time that it begins.
                if warned?.isSameKind(as: problem) != true { context.services.warn(problem.sentence) }
                warned = problem
            } else {
                warned = nil
            }
            // Short epochs need not each be written.
            if clock.now - saved >= .seconds(recipe.checkpointSeconds / 10) { try save() }
        }
        if !isSaved { try save() }
        return (history, sheets)
    }

    /// What an earlier attempt left; a checkpoint that cannot be used is said aloud and left alone.
    private func resume(_ trainer: AdversarialTrainer) throws -> (TrainingHistory, Sheets) {
        guard let bytes = try context.services.loadCheckpoint(name: GANCheckpoint.name) else { return (TrainingHistory(), []) }
        do {
            let checkpoint = try GANCheckpoint(bytes)
            guard checkpoint.sheets.allSatisfy({ context.holds($0.blob) }) else {
                throw TrainingError.foreignState(reason: "a sheet of samples it counts on is no longer stored")
            }
            try trainer.restore(checkpoint.state)
            context.services.goesOn(from: mark(trainer))
            context.services.log("Goes on from epoch \(trainer.epoch + 1), step \(trainer.stepsOfEpoch + 1).")
            return (checkpoint.history, checkpoint.sheets)
        } catch {
            context.services.remark("The checkpoint of an earlier attempt is not used: \(error)")
            return (TrainingHistory(), [])
        }
    }

    private func mark(_ trainer: AdversarialTrainer) -> CheckpointMark {
        let begun = Double(trainer.stepsOfEpoch) / Double(max(1, trainer.stepsPerEpoch))
        return CheckpointMark(unit: "epoch", done: Double(trainer.epoch) + begun, total: Double(recipe.epochs))
    }

    private static func values(_ epoch: AdversarialTrainer.Epoch) -> [String: Double] {
        var values = [
            "critic.loss": epoch.criticLoss, "generator.loss": epoch.generatorLoss, "critic.accuracy_real": epoch.accuracyOnReal,
            "critic.accuracy_fake": epoch.accuracyOnFake, "critic.accuracy": (epoch.accuracyOnReal + epoch.accuracyOnFake) / 2,
            "critic.gradient_norm": epoch.criticGradient,
            "generator.gradient_norm": epoch.generatorGradient,
        ]
        values["critic.penalty"] = epoch.penalty
        return values
    }

    /// The trainer's sentence with the losses of whole epochs, and what helps a GAN.
    private static func failure(_ error: TrainingError, _ history: TrainingHistory) -> StageFailure {
        let losses = history.epochs.compactMap { $0["critic.loss"] }.suffix(10).map { NumberText.three($0) }
        guard case .diverged(let epoch, let step, _) = error else { return StageFailure("\(error)") }
        return StageFailure(
            "The training diverged in epoch \(epoch + 1), step \(step): a loss or gradient is no longer a number. Lower `generator_rate` and `critic_rate`, or set `norm: spectral`."
                + (losses.isEmpty ? "" : " The critic's losses of the epochs before: \(losses.joined(separator: ", "))."))
    }

    // MARK: What is said

    private func progress(_ trainer: AdversarialTrainer, step: Int, _ criticLoss: Double, _ generatorLoss: Double) {
        let steps = trainer.stepsPerEpoch
        context.services.progress(
            done: (trainer.epoch * steps + step) * recipe.batch, of: recipe.epochs * steps * recipe.batch,
            note:
                "samples, epoch \(trainer.epoch + 1) of \(recipe.epochs), step \(step) of \(steps), losses \(NumberText.three(criticLoss)) and \(NumberText.three(generatorLoss))"
        )
    }

    private func emit(_ values: [String: Double], number: Int) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { context.services.series(name, step: number, value) }
    }

    private func say(_ values: [String: Double], _ history: TrainingHistory) {
        func number(_ name: String) -> String { values[name].map { NumberText.three($0) } ?? "–" }
        let recovery = dimensions.map { "\($0) \(number("samples.\($0).recovery"))" }.joined(separator: ", ")
        context.services.log(
            "epoch \(history.epochs.count) of \(recipe.epochs): critic \(number("critic.loss")), right on real \(number("critic.accuracy_real")) and fake \(number("critic.accuracy_fake")), generator \(number("generator.loss")), diversity \(number("samples.diversity")), recovered \(recovery), bands off by \(number("samples.band_mean_gap")), \(number(TrainingHistory.speed)) samples/s"
        )
    }
}
