import SentioKit
import SentioNN
import SentioNumerics

/// The part of a training that is specific to its kind: its epochs, and the state it keeps in addition to the
/// trainer's. `EpochLoop` does the rest.
protocol EpochTask: AnyObject {
    var trainer: any Trainer { get }

    /// Called once, unless the training resumes from a checkpoint.
    func start()

    /// Trains one epoch, or the rest of one, and returns its values by series name.
    /// - parameter onStep: called after each step with its progress.
    func runEpoch(_ history: TrainingHistory, onStep: (EpochProgress) throws -> Void) throws -> [String: Double]

    /// Called once the epoch's values are in the history: keeps weights, stores images.
    func keep(_ history: TrainingHistory) throws

    /// A log line about the last epoch.
    func line(_ history: TrainingHistory) -> String

    /// Called after the epoch has been reported: warns, or ends a useless training.
    func judge(_ history: TrainingHistory) throws

    /// Whether the training ends before its last epoch.
    func isDone(_ history: TrainingHistory) -> Bool

    /// The failure to report for a training error.
    func failure(_ error: TrainingError, _ history: TrainingHistory) -> StageFailure

    /// Adds its own state to a checkpoint.
    func save(into checkpoint: inout SafetensorsFile)

    /// Restores its own state from a checkpoint.
    /// - throws: `TrainingError.foreignState`.
    func restore(from checkpoint: inout SafetensorsFile, _ history: TrainingHistory) throws
}

extension EpochTask {
    func start() {}
    func judge(_ history: TrainingHistory) throws {}
    func isDone(_ history: TrainingHistory) -> Bool { false }
}

/// The progress of a training, in samples, with a note for display.
struct EpochProgress {
    let done: Int
    let total: Int
    let note: String
}

/// Trains a task to the end, from its last checkpoint or from the start: saves checkpoints, reports progress, and stops
/// on request.
struct EpochLoop {
    /// The checkpoint's name, and the metadata keys that belong to neither trainer nor task.
    static let checkpoint = "training.safetensors"
    private static let historyKey = "history", begunKey = "epochs_begun"

    let services: any StageServices
    let epochs: Int
    /// Between checkpoints within an epoch, in seconds.
    let checkpointSeconds: Double

    /// - throws: `StageFailure` of the task, `StageCancelled`, `BlobStoreError`.
    func run(_ task: some EpochTask) throws -> TrainingHistory {
        var history = try resume(task)
        for (index, epoch) in history.epochs.enumerated() { emit(epoch, number: index + 1) }
        let trainer = task.trainer, clock = ContinuousClock()
        var saved = clock.now, isSaved = false
        func save() throws {
            try services.saveCheckpoint(checkpoint(of: task, history).bytes(), name: Self.checkpoint, at: mark(trainer))
            (saved, isSaved) = (clock.now, true)
        }
        while trainer.epoch < epochs, !task.isDone(history) {
            let values: [String: Double]
            do {
                values = try task.runEpoch(history) { progress in
                    isSaved = false
                    services.progress(done: progress.done, of: progress.total, note: progress.note)
                    if services.isCancelled {
                        // A requested stop loses no work.
                        try save()
                        throw StageCancelled()
                    }
                    if clock.now - saved >= .seconds(checkpointSeconds) { try save() }
                }
            } catch let error as TrainingError {
                throw task.failure(error, history)
            }
            history.epochs.append(values)
            try task.keep(history)
            isSaved = false
            emit(values, number: history.epochs.count)
            services.log(task.line(history))
            try task.judge(history)
            // Short epochs need not all be saved.
            if clock.now - saved >= .seconds(checkpointSeconds / 10) { try save() }
        }
        if !isSaved { try save() }
        return history
    }

    // MARK: Checkpoints

    private func checkpoint(of task: some EpochTask, _ history: TrainingHistory) -> SafetensorsFile {
        let trainer = task.trainer
        var file = trainer.state
        file.metadata[Self.historyKey] = JSON.text(history.value)
        file.metadata[Self.begunKey] = "\(trainer.epoch + (trainer.stepsOfEpoch > 0 ? 1 : 0))"
        task.save(into: &file)
        return file
    }

    /// Resumes from an earlier attempt's checkpoint. An unusable checkpoint is reported and ignored; one of a longer
    /// training is ignored silently.
    private func resume(_ task: some EpochTask) throws -> TrainingHistory {
        if let bytes = try services.loadCheckpoint(name: Self.checkpoint) {
            do {
                var file = try SafetensorsFile(bytes: bytes)
                guard let text = file.metadata.removeValue(forKey: Self.historyKey),
                    let value = try? JSON.parse(Array(text.utf8)),
                    let history = TrainingHistory(value), file.metadata["epoch"] == "\(history.epochs.count)",
                    let begun = file.metadata.removeValue(forKey: Self.begunKey).flatMap({ Int($0) })
                else { throw TrainingError.foreignState(reason: "its history is missing") }
                if begun <= epochs {
                    try task.restore(from: &file, history)
                    try task.trainer.restore(file)
                    services.goesOn(from: mark(task.trainer))
                    services.log("Resumes from epoch \(task.trainer.epoch + 1), step \(task.trainer.stepsOfEpoch + 1).")
                    return history
                }
            } catch {
                services.remark("The checkpoint of an earlier attempt is not used: \(error)")
            }
        }
        task.start()
        return TrainingHistory()
    }

    private func mark(_ trainer: any Trainer) -> CheckpointMark {
        let begun = Double(trainer.stepsOfEpoch) / Double(max(1, trainer.stepsPerEpoch))
        return CheckpointMark(unit: "epoch", done: Double(trainer.epoch) + begun, total: Double(epochs))
    }

    private func emit(_ values: [String: Double], number: Int) {
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { services.series(name, step: number, value) }
    }
}
