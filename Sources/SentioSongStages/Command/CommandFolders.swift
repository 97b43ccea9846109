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

    /// Restores the state before the first attempt: SENTIO_OUT and SENTIO_METRICS empty, only the inputs in SENTIO_TMP.
    func empty() throws {
        for name in try FolderListing.names(in: temporary).compactMap({ String(validating: $0, as: UTF8.self) })
        where name != "in" {
            try? FileManager.default.removeItem(atPath: temporary + "/" + name)
        }
        try Self.make(out)
    }

    /// Puts each connected input at `SENTIO_IN/NAME/FILE`: links to the store's read-only files, but copies of
    /// executable files.
    func materializeInputs(_ context: StageContext) throws {
        for port in context.connectedInputs {
            let folder = inputs + "/" + port.name, shape = try context.shape(port)
            try Self.make(folder)
            try context.materialize(port, at: folder) { blob, file in
                guard FolderShape.isInside(file) else {
                    throw StageFailure("A file of the input `\(port)` has a name that points outside its folder.")
                }
                try place(blob, at: folder + "/" + file, shape.modes[file])
            }
            for empty in shape.emptyFolders where empty != "." { try Self.make(folder + "/" + empty) }
            for (path, target) in shape.links { try link(folder + "/" + path, to: target) }
        }
    }

    private func place(_ blob: String, at target: String, _ mode: FileMode?) throws {
        guard let mode, mode.isExecutable else { return try link(target, to: URL(fileURLWithPath: blob).path) }
        try Self.make((target as NSString).deletingLastPathComponent)
        do {
            try FileManager.default.copyItem(atPath: blob, toPath: target)
            try FileManager.default.setAttributes([.posixPermissions: Int(mode.bits)], ofItemAtPath: target)
        } catch {
            throw BlobStoreError.cannotWrite(path: target, reason: FileBytes.systemReason())
        }
    }

    private func link(_ path: String, to target: String) throws {
        try Self.make((path as NSString).deletingLastPathComponent)
        do {
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        } catch {
            throw BlobStoreError.cannotWrite(path: path, reason: FileBytes.systemReason())
        }
    }

    /// - parameter own: the variables that the stage itself declares; those of the run take precedence.
    func environment(_ context: StageContext, isSeeded: Bool, _ own: [String: String]) -> CommandEnvironment {
        var environment = CommandEnvironment()
        for (name, value) in own.sorted(by: { $0.key < $1.key }) { environment.set(name, value) }
        environment.set("SENTIO_RUN_ID", context.runID)
        environment.set("SENTIO_STAGE", context.stage)
        environment.set("SENTIO_SEED", isSeeded ? String(context.seed >> 33) : nil)
        environment.set("SENTIO_TMP", temporary)
        environment.set("SENTIO_IN", inputs)
        environment.set("SENTIO_OUT", out)
        environment.set("SENTIO_METRICS", metrics)
        return environment
    }

    private static func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw BlobStoreError.cannotWrite(path: folder, reason: FileBytes.systemReason())
        }
    }
}
