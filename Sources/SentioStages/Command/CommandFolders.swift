import Foundation
import SentioKit

/// The folders and variables that a command sees.
struct CommandFolders {
    let temporary: String
    let inputs: String
    let out: String
    let metrics: String

    init(_ context: StageContext) throws {
        temporary = URL(fileURLWithPath: context.temporaryDirectory).path
        inputs = temporary + "/in"
        out = temporary + "/out"
        metrics = temporary + "/metrics.jsonl"
        for folder in [inputs, out] { try Self.make(folder) }
    }

    /// Puts each connected input at `SENTIO_IN/NAME/FILE`, as links to the store's read-only files.
    func materializeInputs(_ context: StageContext) throws {
        for port in context.connectedInputs {
            let folder = inputs + "/" + port
            try Self.make(folder)
            try context.materialize(port, at: folder) { blob, target in
                guard !target.dropFirst(folder.count).split(separator: "/").contains("..") else {
                    throw StageFailure("A file of the input `\(port)` has a name that leaves its folder.")
                }
                try Self.make((target as NSString).deletingLastPathComponent)
                do {
                    try FileManager.default.createSymbolicLink(atPath: target, withDestinationPath: URL(fileURLWithPath: blob).path)
                } catch {
                    throw BlobStoreError.cannotWrite(path: target, reason: FileBytes.systemReason())
                }
            }
        }
    }

    func environment(_ context: StageContext, isSeeded: Bool) -> [String: String] {
        var variables = ProcessInfo.processInfo.environment
        variables["SENTIO_RUN_ID"] = context.runID
        variables["SENTIO_STAGE"] = context.stage
        variables["SENTIO_SEED"] = isSeeded ? String(context.seed >> 33) : nil
        variables["SENTIO_TMP"] = temporary
        variables["SENTIO_IN"] = inputs
        variables["SENTIO_OUT"] = out
        variables["SENTIO_METRICS"] = metrics
        return variables
    }

    private static func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw BlobStoreError.cannotWrite(path: folder, reason: FileBytes.systemReason())
        }
    }
}
