import SentioKit

/// What `artifacts gc` removed, or would, and what making it again would take.
public struct Collection: Sendable, Equatable {
    public struct Line: Sendable, Equatable {
        /// `stage of pipeline`, `checkpoint of stage of pipeline`, `log of run …`.
        public let what: String
        /// What was freed by this alone.
        public let bytes: Int
        /// Seconds since 1970; 0 where there is no one time.
        public let at: Double
        /// Seconds to make it again, what went before it and must run first included; 0 for what nothing asks for; nil
        /// where nobody can say.
        public let seconds: Double?
    }

    /// What is never removed, and how much it is; a blob counts where it stands first.
    public struct Kept: Sendable, Equatable {
        public let why: String
        public let bytes: Int
    }

    /// In the order of removal: what nothing refers to first, then what is cheapest to make again for its bytes.
    public var lines: [Line] = []
    public var blobs = 0
    /// Blobs, checkpoints and logs before and after.
    public var before = 0
    public var after = 0
    public var kept: [Kept] = []
    /// Seconds to make all of it again, each stage once; what nobody can price is not in it.
    public var seconds = 0.0

    public var unknown: Int { lines.count { $0.seconds == nil } }
}

/// Results that must not be removed, and runs whose logs count for nothing: what only the run store knows.
public struct CollectionRules: Sendable {
    /// By stage key in hexadecimal digits, why: `sweep ratio-ablation-1f2e3d`, `run 20261123-… (tag keep)`.
    public var kept: [String: String]
    /// Runs whose logs stay.
    public var keptRuns: Set<String>
    /// Runs that were deleted: their logs go.
    public var deletedRuns: Set<String>
    /// Whether the last result of a stage may go, too, where nothing else keeps it.
    public var includesLast = false

    public init(kept: [String: String] = [:], keptRuns: Set<String> = [], deletedRuns: Set<String> = []) {
        self.kept = kept
        self.keptRuns = keptRuns
        self.deletedRuns = deletedRuns
    }
}

extension Workspace {
    /// Removes what nothing refers to and, until no more than `keep` bytes of blobs, checkpoints and logs are left,
    /// what is cheapest to make again for the bytes that it frees. What the rules keep stays, and the checkpoints of
    /// the last run; the last result of every stage too, unless the rules include it. Records go first, then blobs:
    /// whatever stops it in between, no record is left without its blobs.
    /// - parameter keep: nil removes only what nothing refers to.
    /// - throws: `WorkspaceInUse` while something runs.
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

    /// Links below `runs/` to runs that are gone.
    private func removeDanglingRuns() {
        let runs = path + "/runs"
        for name in Files.list(runs) where name != "latest" {
            if let target = FileKind.linkTarget(runs + "/" + name), !Paths.exists(runs + "/" + target) {
                Files.remove(runs + "/" + name)
            }
        }
    }
}
