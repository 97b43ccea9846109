// What a run says before it starts: the profiles it could use, and how long it may take.

extension RunDescription {
    /// A profile of a pipeline file.
    public struct Profile: Sendable, Equatable {
        /// The profile that stands for the file's own values.
        public static let defaultName = "default"

        /// As `--profile` takes it.
        public let name: String
        /// What it is for: `the study's sizes: hours`; nil if the file does not say.
        public let description: String?

        /// A profile, by default without a description.
        public init(name: String, description: String? = nil) {
            self.name = name
            self.description = description
        }

        /// `{"name", "description"}`.
        public var value: Value {
            ["name": .string(name), "description": description.map(Value.string) ?? .null]
        }
    }

    /// What a run is foreseen to do, as `plan` shows it.
    public struct Outlook: Sendable, Equatable {
        /// Number of stages of the run.
        public let stages: Int
        /// Number of stages that are not up to date, not counting those that cannot run.
        public let pending: Int
        /// Number of pending stages without an estimate.
        public let unknown: Int
        /// Seconds that the other pending stages take; nil if there are none.
        public let expectedRange: ClosedRange<Double>?
        /// Whether some pending stages may turn out to be up to date.
        public let isMost: Bool

        /// An outlook as planned.
        public init(stages: Int, pending: Int, unknown: Int, expectedRange: ClosedRange<Double>?, isMost: Bool) {
            self.stages = stages
            self.pending = pending
            self.unknown = unknown
            self.expectedRange = expectedRange
            self.isMost = isMost
        }

        /// `{"stages", "pending", "unknown", "expected_range"}`.
        public var value: Value {
            [
                "stages": .int(stages), "pending": .int(pending), "unknown": .int(unknown),
                "expected_range": expectedRange.map { [.double($0.lowerBound), .double($0.upperBound)] } ?? .null,
            ]
        }
    }
}
