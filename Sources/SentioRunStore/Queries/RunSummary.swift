public import SentioKit

/// A line of a list of runs.
public struct RunSummary: Sendable, Equatable {
    public struct Metric: Sendable, Equatable {
        /// `score.test.ccc`.
        public let name: String
        /// NaN where the stage found no number.
        public let value: Double

        public init(name: String, value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// What a summary holds beside the run itself.
    public struct Contents: Sendable, Equatable {
        /// At most so many metrics of the headline.
        public var headline: Int
        public var hasTags: Bool

        public init(headline: Int, hasTags: Bool) {
            self.headline = headline
            self.hasTags = hasTags
        }

        public static let all = Contents(headline: Headline.limit, hasTags: true)
    }

    public var id: String
    public var pipeline: String
    public var file: String
    public var name: String?
    public var profile: String?
    public var seed: Int
    public var replicate: Int
    public var sweep: String?
    public var status: RunStatus
    /// Seconds since 1970.
    public var startedAt: Double
    public var endedAt: Double?
    public var seconds: Double?
    public var host: String
    public var gitCommit: String?
    public var gitDirty: Bool?
    /// Stages of the pipeline, and how many were settled in which way.
    public var stages: Int
    public var executed: Int
    public var cached: Int
    public var failed: Int
    public var skipped: Int
    public var note: String?
    /// When it was marked as deleted, in seconds since 1970.
    public var deletedAt: Double?
    /// Of a run of a sweep, the swept parameters of its cell as text: `ratio=0.25`; the cell is this and the replicate.
    public var arm: String?
    public var tags: [String: String]
    /// Whether a song that is marked as bad reached any of its stages.
    public var isTainted = false
    /// The few metrics that matter most, in order; see `Headline`.
    public var headline: [Metric]
    /// What the run is about; nil where no stage is known to score, and in files of versions that did not ask.
    public var about: RunHeadline?
    /// What the songs say of the headline's stage against its baseline.
    public var verdict: String?
    /// Lines of `expect:` that were asked, and how many of them do not hold.
    public var expectations = 0
    public var failedExpectations = 0
    /// Kinds of warnings, as `WarningDigest` tells them.
    public var warnings = 0
    /// Whether the run was ended by the system: it took `seconds` at least, for that is when it was last heard of.
    public var isCutOff = false

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
