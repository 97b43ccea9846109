import SentioKit
import SentioNN
import SentioNumerics

/// A GAN's training as it is saved: the trainer's state, the history, and which sheets are in the store.
struct GANCheckpoint {
    static let name = "training.safetensors"
    private static let historyKey = "history", sheetsKey = "sheets"

    let state: SafetensorsFile
    let history: TrainingHistory
    let sheets: [(name: String, blob: BlobReference)]

    init(state: SafetensorsFile, history: TrainingHistory, sheets: [(name: String, blob: BlobReference)]) {
        (self.state, self.history, self.sheets) = (state, history, sheets)
    }

    func encoded() throws -> [UInt8] {
        var file = state
        file.metadata[Self.historyKey] = JSON.text(history.value)
        file.metadata[Self.sheetsKey] = JSON.text(
            .list(sheets.map { ["name": .string($0.name), "hash": .string($0.blob.hash.hex), "size": .int($0.blob.size)] }))
        return try file.bytes()
    }

    /// - throws: `SafetensorsError`, `TrainingError.foreignState`.
    init(_ bytes: [UInt8]) throws {
        var file = try SafetensorsFile(bytes: bytes)
        func value(_ key: String) -> Value? { file.metadata[key].flatMap { try? JSON.parse(Array($0.utf8)) } }
        guard let history = value(Self.historyKey).flatMap({ TrainingHistory($0) }), file.metadata["epoch"] == "\(history.epochs.count)",
            let list = value(Self.sheetsKey)?.list
        else { throw TrainingError.foreignState(reason: "its history is missing") }
        sheets = try list.map { entry in
            guard let name = entry["name"]?.string, let hash = entry["hash"]?.string.flatMap({ ContentHash(hex: $0) }),
                let size = entry["size"]?.int, size >= 0
            else { throw TrainingError.foreignState(reason: "its list of sheets is damaged") }
            return (name, BlobReference(hash: hash, size: size))
        }
        self.history = history
        file.metadata[Self.historyKey] = nil
        file.metadata[Self.sheetsKey] = nil
        state = file
    }

    /// Epochs begun.
    var epochs: Int { history.epochs.count + (state.metadata["sums"]?.hasPrefix("0 ") ?? true ? 0 : 1) }
}
