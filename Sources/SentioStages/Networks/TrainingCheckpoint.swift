import SentioKit
import SentioNN
import SentioNumerics

/// A training as it is saved: the trainer's state, the history, and the best weights so far where they are asked for.
struct TrainingCheckpoint {
    static let name = "training.safetensors"
    private static let historyKey = "history", bestPrefix = "best:"

    let state: SafetensorsFile
    let history: TrainingHistory
    let best: SafetensorsFile?

    init(_ trainer: RegressionTrainer, history: TrainingHistory, best: SafetensorsFile?) {
        state = trainer.state
        self.history = history
        self.best = best
    }

    func encoded() throws -> [UInt8] {
        var file = state
        file.metadata[Self.historyKey] = JSON.text(history.value)
        for (name, tensor) in best?.tensors ?? [:] { file.tensors[Self.bestPrefix + name] = tensor }
        return try file.bytes()
    }

    /// - throws: `SafetensorsError`, `TrainingError.foreignState`.
    init(_ bytes: [UInt8]) throws {
        var file = try SafetensorsFile(bytes: bytes)
        guard let text = file.metadata[Self.historyKey], let value = try? JSON.parse(Array(text.utf8)),
            let history = TrainingHistory(value),
            file.metadata["epoch"] == "\(history.epochs.count)"
        else { throw TrainingError.foreignState(reason: "its history is missing") }
        self.history = history
        var best = SafetensorsFile(metadata: ["format": "pt"])
        for name in file.tensors.keys where name.hasPrefix(Self.bestPrefix) {
            best.tensors[String(name.dropFirst(Self.bestPrefix.count))] = file.tensors.removeValue(forKey: name)
        }
        self.best = best.tensors.isEmpty ? nil : best
        state = file
    }

    /// Epochs begun.
    var epochs: Int { history.epochs.count + (state.metadata["epoch_steps"] == nil ? 0 : 1) }
}
