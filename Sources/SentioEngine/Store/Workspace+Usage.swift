import SentioKit

/// Where a workspace's bytes are.
public struct WorkspaceUsage: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        public let what: String
        public let count: Int
        public let bytes: Int
    }

    /// By purpose; together all that the workspace holds.
    public var purposes: [Line]
    /// By stage of each pipeline, the largest first; a blob that several have counts for each.
    public var stages: [Line]

    public var bytes: Int { purposes.reduce(0) { $0 + $1.bytes } }
}

extension Workspace {
    /// Looks at everything; changes nothing.
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
                line("nothing refers to", rest), line("checkpoints", inventory.checkpoints.map(\.folder)),
                line("damaged blobs", inventory.damaged), line("leftovers of failed attempts", inventory.leftovers),
                line("records", [Inventory.folder(path + "/actions")]), line("run store", history),
                line("logs and links", Files.list(path + "/runs").map { Inventory.folder(path + "/runs/" + $0) }),
            ],
            stages: stages.map { .init(what: $0.key, count: $0.value.count, bytes: inventory.bytes($0.value.blobs)) }
                .sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) })
    }
}
