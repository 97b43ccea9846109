import SentioKit
import SentioNN
import SentioNumerics

/// What a kind of training does in its own way: its epochs, and what it keeps beside the trainer's state. `EpochLoop`
/// does the rest.
protocol EpochTask: AnyObject {
    var trainer: any Trainer { get }

    /// Called once, where no checkpoint is taken up.
    func start()

    /// Trains one epoch, or what is left of one, and tells what it was like, by the names of series.
    /// - parameter onStep: called after each step with its progress.
    func runEpoch(_ history: TrainingHistory, onStep: (EpochProgress) throws -> Void) throws -> [String: Double]

    /// Called when the epoch's values are in the history: keeps weights, stores pictures.
    func keep(_ history: TrainingHistory) throws

    /// A line for the log about the last epoch.
    func line(_ history: TrainingHistory) -> String

    /// Called when the epoch has been told of: warns, or ends a training that is no use.
    func judge(_ history: TrainingHistory) throws

    /// Whether the training ends before its last epoch.
    func isDone(_ history: TrainingHistory) -> Bool

    /// What a training that went wrong is told as.
    func failure(_ error: TrainingError, _ history: TrainingHistory) -> StageFailure

    /// Adds what it keeps to a checkpoint.
    func save(into checkpoint: inout SafetensorsFile)

    /// Takes out of a checkpoint what it keeps.
    /// - throws: `TrainingError.foreignState`.
    func restore(from checkpoint: inout SafetensorsFile, _ history: TrainingHistory) throws
}

extension EpochTask {
    func start() {}
    func judge(_ history: TrainingHistory) throws {}
    func isDone(_ history: TrainingHistory) -> Bool { false }
}

/// How far a training is, in samples, and what is to be said beside it.
struct EpochProgress {
    let done: Int
    let total: Int
    let note: String
}

/// Trains a task from its last checkpoint, or from the start, to the end: saves it, tells of it, stops it when it is
/// asked to.
struct EpochLoop {
    /// The checkpoint's name, and in it what the trainer and the task know nothing of.
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
                        // A stop on purpose loses nothing.
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
            // Short epochs need not each be written.
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

    /// What an earlier attempt left; a checkpoint that cannot be used is said aloud and left alone. One of a longer
    /// training is not.
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
                    services.log("Goes on from epoch \(task.trainer.epoch + 1), step \(task.trainer.stepsOfEpoch + 1).")
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
