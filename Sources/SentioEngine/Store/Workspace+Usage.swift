import SentioKit

/// Disk usage of a workspace.
public struct WorkspaceUsage: Sendable, Equatable {
    /// The usage of one purpose or stage.
    public struct Line: Sendable, Equatable {
        /// `last results`, `phase1 mels`.
        public let what: String
        /// Number of blobs, folders or records.
        public let count: Int
        /// Size in bytes.
        public let bytes: Int
    }

    /// By purpose; the sum is everything in the workspace.
    public var purposes: [Line]
    /// By stage of each pipeline, the largest first. A blob that several stages share counts for each.
    public var stages: [Line]

    /// Size of the workspace in bytes.
    public var bytes: Int { purposes.reduce(0) { $0 + $1.bytes } }
}

extension Workspace {
    /// Measures the disk usage without changing anything.
    /// - Throws: `BlobStoreError`.
    public func usage() throws -> WorkspaceUsage {
        let hold = holdForReading()
        defer { withExtendedLifetime(hold) {} }
        let inventory = try Inventory(self)
        let last = inventory.blobs(last: true), older = inventory.blobs(last: false).subtracting(last)
        let loose = Set(inventory.items.map(\.blob)).subtracting(last).subtracting(older)
        let rest = Set(inventory.sizes.keys).subtracting(last).subtracting(older).subtracting(loose)
        func line(_ what: String, _ blobs: Set<ContentHash>) -> WorkspaceUsage.Line {
            .init(what: what, count: blobs.count, bytes: inventory.bytes(blobs))
        }
        func line(_ what: String, _ folders: [Inventory.Folder]) -> WorkspaceUsage.Line {
            .init(what: what, count: folders.count, bytes: folders.reduce(0) { $0 + $1.bytes })
        }
        let history = Files.list(path).filter { $0.hasPrefix("runs.sqlite") }.map { Inventory.folder(path + "/" + $0) }
        var stages: [String: (count: Int, blobs: Set<ContentHash>)] = [:]
        for entry in inventory.entries {
            stages["\(entry.record.pipeline) \(entry.record.stage)", default: (0, [])].count += 1
            stages["\(entry.record.pipeline) \(entry.record.stage)", default: (0, [])].blobs.formUnion(entry.blobs)
        }
        return WorkspaceUsage(
            purposes: [
                line("last results", last), line("older results", older), line("items of unfinished stages", loose),
                line("unreferenced blobs", rest), line("checkpoints", inventory.checkpoints.map(\.folder)),
                line("damaged blobs", inventory.damaged), line("leftovers of failed attempts", inventory.leftovers),
                line("records", [Inventory.folder(path + "/actions")]), line("run store", history),
                line("logs and links", Files.list(path + "/runs").map { Inventory.folder(path + "/runs/" + $0) }),
            ],
            stages: stages.map { .init(what: $0.key, count: $0.value.count, bytes: inventory.bytes($0.value.blobs)) }
                .sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) })
    }
}
