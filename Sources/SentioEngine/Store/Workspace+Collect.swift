import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

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

/// What `artifacts gc` removed, or would.
public struct Collection: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        /// `stage of pipeline, 2026-…`, `checkpoint …`.
        public let what: String
        /// What was freed by this alone.
        public let bytes: Int
        /// Seconds since 1970.
        public let at: Double
    }

    /// In the order of removal: what nothing refers to first, then the oldest.
    public var lines: [Line] = []
    public var blobs = 0
    /// Blobs and checkpoints before and after.
    public var before = 0
    public var after = 0
    /// What the last results of all stages need: less is not possible.
    public var needed = 0
}

extension Workspace {
    /// Looks at everything; changes nothing.
    public func usage() throws -> WorkspaceUsage {
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
                line("nothing refers to", rest), line("checkpoints", inventory.checkpoints), line("damaged blobs", inventory.damaged),
                line("records", [Inventory.folder(path + "/actions")]), line("run store", history),
                line("logs and links", Files.list(path + "/runs").map { Inventory.folder(path + "/runs/" + $0) }),
            ],
            stages: stages.map { .init(what: $0.key, count: $0.value.count, bytes: inventory.bytes($0.value.blobs)) }
                .sorted { ($1.bytes, $0.what) < ($0.bytes, $1.what) })
    }

    /// Removes what nothing refers to and, until no more than `keep` bytes of blobs and checkpoints are left, what is oldest of:
    /// results that are not the last of their stage, items of unfinished stages, checkpoints. The last result of every stage
    /// stays. Records go first, then blobs: whatever stops it in between, no record is left without its blobs.
    /// - parameter keep: nil removes only what nothing refers to.
    /// - throws: `WorkspaceInUse` while something runs.
    public func collect(keep: Int?, dryRun: Bool) throws -> Collection {
        let hold = dryRun ? nil : try holdForRemoval()
        defer { withExtendedLifetime(hold) {} }
        let plan = CollectionPlan(try Inventory(self), keep: keep, modifiedAt: { Inventory.folder(self.blobs.place($0)).modifiedAt })
        if !dryRun {
            try records.remove(stages: plan.records, items: plan.items, temporary: { temporaryPath("stat") })
            for hash in plan.blobs { blobs.remove(hash) }
            for folder in plan.folders { Files.remove(folder) }
        }
        return plan.collection
    }
}

/// Decides what goes. Pure but for the inventory it is given.
struct CollectionPlan {
    private(set) var collection = Collection()
    private(set) var records: Set<StageKey> = []
    private(set) var items: Set<ItemKey> = []
    private(set) var blobs: Set<ContentHash> = []
    private(set) var folders: [String] = []

    private enum Candidate {
        case record(Inventory.Entry)
        case item(ContentHash)
        case checkpoint(Inventory.Folder)
    }

    init(_ inventory: Inventory, keep: Int?, modifiedAt: (ContentHash) -> Double) {
        var references: [ContentHash: Int] = [:]
        for entry in inventory.entries { for hash in entry.blobs { references[hash, default: 0] += 1 } }
        let loose = Set(inventory.items.map(\.blob)).filter { references[$0] == nil }
        let unused = inventory.sizes.keys.filter { references[$0] == nil && !loose.contains($0) }
        let folderBytes = (inventory.checkpoints + inventory.damaged).reduce(0) { $0 + $1.bytes }
        collection.before = inventory.bytes(inventory.sizes.keys) + folderBytes
        collection.needed = inventory.bytes(inventory.blobs(last: true))
        var total = collection.before

        func remove(_ what: String, at time: Double, _ gone: [ContentHash], _ paths: [Inventory.Folder] = []) {
            let bytes = inventory.bytes(gone) + paths.reduce(0) { $0 + $1.bytes }
            blobs.formUnion(gone)
            folders += paths.map(\.path)
            total -= bytes
            collection.lines.append(.init(what: what, bytes: bytes, at: time))
        }
        if !unused.isEmpty { remove("\(unused.count) blobs that nothing refers to", at: 0, unused) }
        if !inventory.damaged.isEmpty { remove("\(inventory.damaged.count) damaged blobs", at: 0, [], inventory.damaged) }

        if let keep {
            var candidates: [(at: Double, candidate: Candidate)] = inventory.entries.filter { !$0.isLast }.map {
                ($0.record.finishedAt, .record($0))
            }
            candidates += loose.map { (modifiedAt($0), .item($0)) }
            candidates += inventory.checkpoints.map { ($0.modifiedAt, .checkpoint($0)) }
            for (at, candidate) in candidates.sorted(by: { $0.at < $1.at }) where total > keep {
                switch candidate {
                case .record(let entry):
                    var gone: [ContentHash] = []
                    for hash in entry.blobs {
                        references[hash, default: 1] -= 1
                        if references[hash] == 0 { gone.append(hash) }
                    }
                    records.insert(entry.record.key)
                    remove("\(entry.record.stage) of \(entry.record.pipeline)", at: at, gone)
                case .item(let hash): remove("an item of an unfinished stage", at: at, [hash])
                case .checkpoint(let folder): remove("checkpoint", at: at, [], [folder])
                }
            }
        }
        // An item whose blob goes is made again when it is next asked for.
        items = Set(inventory.items.filter { blobs.contains($0.blob) }.map(\.key))
        collection.blobs = blobs.count
        collection.after = total
    }
}
