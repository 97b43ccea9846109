public import SentioKit

/// One row of a list of runs.
public struct RunSummary: Sendable, Equatable {
    /// A metric of the headline.
    public struct Metric: Sendable, Equatable {
        /// Stage and metric: `score.test.ccc`.
        public let name: String
        /// NaN if the stage reported no number.
        public let value: Double
    }

    /// The optional parts of a summary.
    public struct Contents: Sendable, Equatable {
        /// Maximum number of headline metrics.
        public var headline: Int
        /// Whether to load tags.
        public var hasTags: Bool

        /// Selects the parts to load.
        public init(headline: Int, hasTags: Bool) {
            self.headline = headline
            self.hasTags = hasTags
        }

        /// Everything; the default.
        public static let all = Contents(headline: Headline.limit, hasTags: true)
    }

    public var id: String
    /// The name of the pipeline.
    public var pipeline: String
    /// The path of the pipeline file.
    public var file: String
    /// The name that the user gave the run.
    public var name: String?
    /// The profile of the pipeline, if one was chosen.
    public var profile: String?
    /// The seed of the run.
    public var seed: Int
    /// The index of the replicate, 0 for a single run.
    public var replicate: Int
    /// The id of the sweep that the run belongs to.
    public var sweep: String?
    /// The outcome of the stages; failed expectations do not change it.
    public var status: RunStatus
    /// Seconds since 1970.
    public var startedAt: Double
    /// Seconds since 1970; nil while the run is running.
    public var endedAt: Double?
    /// Duration in seconds; nil while the run is running.
    public var seconds: Double?
    /// The name of the machine.
    public var host: String
    /// The commit of the code, if it is under git.
    public var gitCommit: String?
    /// Whether the code had uncommitted changes; nil if unknown.
    public var gitDirty: Bool?
    /// Number of stages of the pipeline.
    public var stages: Int
    /// Number of stages that were executed.
    public var executed: Int
    /// Number of stages that were cached.
    public var cached: Int
    /// Number of stages that failed.
    public var failed: Int
    /// Number of stages that were skipped.
    public var skipped: Int
    /// The note of the user.
    public var note: String?
    /// Time at which the run was marked as deleted, in seconds since 1970.
    public var deletedAt: Double?
    /// For a run of a sweep, the swept parameters of its cell as text: `ratio=0.25`. Arm and replicate identify the
    /// cell.
    public var arm: String?
    /// Tags of the run by name.
    public var tags: [String: String]
    /// Whether a tainted song reached any of its stages.
    public var isTainted = false
    /// The most important metrics, in order; see `Headline`.
    public var headline: [Metric]
    /// What the run is about; nil if no stage is known to score, and for files of versions that did not record it.
    public var about: RunHeadline?
    /// The verdict of the song-by-song comparison of the headline's stage with its baseline.
    public var verdict: String?
    /// Number of `expect:` lines that were evaluated.
    public var expectations = 0
    /// Number of evaluated `expect:` lines that do not hold.
    public var failedExpectations = 0
    /// Number of distinct warnings, as grouped by `WarningDigest`.
    public var warnings = 0
    /// Whether the process died during the run. `seconds` is then a lower bound: the time until the last recorded
    /// event.
    public var isCutOff = false

    /// The JSON object that `--json` prints.
    public var value: Value {
        [
            "run": .string(id), "pipeline": .string(pipeline), "file": .string(file), "name": Self.optional(name),
            "profile": Self.optional(profile), "seed": .int(seed), "replicate": .int(replicate),
            "sweep": Self.optional(sweep),
            "arm": Self.optional(arm),
            "status": .string(status.rawValue), "started_at": .double(startedAt),
            "ended_at": endedAt.map(Value.double) ?? .null,
            "seconds": seconds.map(Value.double) ?? .null, "host": .string(host),
            "git_commit": Self.optional(gitCommit),
            "git_dirty": gitDirty.map(Value.bool) ?? .null,
            "stages": [
                "total": .int(stages), "executed": .int(executed), "cached": .int(cached), "failed": .int(failed),
                "skipped": .int(skipped),
            ],
            "note": Self.optional(note), "deleted_at": deletedAt.map(Value.double) ?? .null,
            "tainted": .bool(isTainted),
            "tags": .map(tags.mapValues(Value.string)),
            "headline": .list(headline.map { ["name": .string($0.name), "value": .double($0.value)] }),
            "about": about?.value ?? .null, "verdict": Self.optional(verdict),
            "expectations": ["total": .int(expectations), "failed": .int(failedExpectations)],
            "warnings": .int(warnings),
            "cut_off": .bool(isCutOff),
        ]
    }

    private static func optional(_ text: String?) -> Value { text.map(Value.string) ?? .null }
}
