import SentioKit

/// What `artifacts gc` removed or would remove, and what it would take to compute it again.
public struct Collection: Sendable, Equatable {
    /// Something that was removed.
    public struct Line: Sendable, Equatable {
        /// `stage of pipeline`, `checkpoint of stage of pipeline`, `log of run …`.
        public let what: String
        /// Bytes freed by this line alone.
        public let bytes: Int
        /// When it was made, in seconds since 1970; 0 if there is no single time.
        public let at: Double
        /// Seconds to compute it again, including removed results that it depends on; 0 for what nothing refers to; nil
        /// if unknown.
        public let seconds: Double?
    }

    /// What is not removed, and its size. A blob counts only for the first reason that protects it.
    public struct Kept: Sendable, Equatable {
        /// The reason, in words.
        public let why: String
        /// Total size.
        public let bytes: Int
    }

    /// In the order of removal: first what nothing refers to, then what is cheapest to compute again for its bytes.
    public var lines: [Line] = []
    /// Number of blobs removed.
    public var blobs = 0
    /// Bytes of blobs, checkpoints and logs before the removal.
    public var before = 0
    /// Bytes of blobs, checkpoints and logs after the removal.
    public var after = 0
    /// What is protected, the largest first.
    public var kept: [Kept] = []
    /// Seconds to compute everything again, each stage once, without the lines whose cost is unknown.
    public var seconds = 0.0

    /// Number of lines whose cost is unknown.
    public var unknown: Int { lines.count { $0.seconds == nil } }
}

/// Which results and logs to keep or remove, as only the run store knows.
public struct CollectionRules: Sendable {
    /// Why results are kept, by stage key in hexadecimal digits: `sweep ratio-ablation-1f2e3d`, `run 20261123-… (tag
    /// keep)`.
    public var kept: [String: String]
    /// Runs whose logs are kept.
    public var keptRuns: Set<String>
    /// Deleted runs, whose logs are removed.
    public var deletedRuns: Set<String>
    /// Whether the last result of a stage may be removed, unless it is in `kept`.
    public var includesLast = false

    /// By default, only `collect`'s own rules apply.
    public init(kept: [String: String] = [:], keptRuns: Set<String> = [], deletedRuns: Set<String> = []) {
        self.kept = kept
        self.keptRuns = keptRuns
        self.deletedRuns = deletedRuns
    }
}

extension Workspace {
    /// Removes what nothing refers to, then, until at most `keep` bytes of blobs, checkpoints and logs are left, what
    /// is cheapest to compute again for the bytes it frees. Keeps what the rules protect, the checkpoints of the last
    /// run and, unless the rules include them, the last results of stages. Records are removed before blobs: even after
    /// an interruption, no record is without its blobs.
    /// - Parameter keep: limit in bytes; nil removes only what nothing refers to.
    /// - Throws: `WorkspaceInUse` while the workspace is in use; `BlobStoreError`.
    public func collect(keep: Int?, rules: CollectionRules = CollectionRules(), dryRun: Bool) throws -> Collection {
        let hold = dryRun ? holdForReading() : try holdForRemoval()
        defer { withExtendedLifetime(hold) {} }
        let plan = CollectionPlan(
            try Inventory(self), keep: keep, rules, modifiedAt: { Inventory.folder(self.blobs.place($0)).modifiedAt })
        if !dryRun {
            try records.remove(stages: plan.records, items: plan.items, temporary: { temporaryPath("stat") })
            for hash in plan.blobs { blobs.remove(hash) }
            for folder in plan.folders { Files.remove(folder) }
            removeDanglingRuns()
        }
        return plan.collection
    }

    /// Removes links below `runs/` to runs that no longer exist.
    private func removeDanglingRuns() {
        let runs = path + "/runs"
        for name in Files.list(runs) where name != "latest" {
            if let target = FileKind.linkTarget(runs + "/" + name), !Paths.exists(runs + "/" + target) {
                Files.remove(runs + "/" + name)
            }
        }
    }
}
