/// What a dataset kind found in a user's folder, and what it takes to read it.
public struct DatasetInspection: Sendable, Equatable {
    /// Something that the user should know: what, where, and what to do.
    public struct Finding: Sendable, Equatable {
        /// How much it matters.
        public enum Severity: String, Sendable {
            /// The dataset cannot be used as it is.
            case error
            /// It can, but something is left out or doubtful.
            case warning
            /// It is read as is; nothing needs to be done.
            case note
        }

        /// How much it matters.
        public let severity: Severity
        /// `songs/annotations.csv:12:3`, or a file or folder.
        public let place: String
        /// A clause without a period.
        public let problem: String
        /// What to do, in sentences; empty for nothing.
        public let advice: String

        /// A finding.
        public init(_ severity: Severity, _ place: String, _ problem: String, advice: String = "") {
            self.severity = severity
            self.place = place
            self.problem = problem
            self.advice = advice
        }

        /// One line: place, problem, advice.
        public var text: String { "\(place): \(problem).\(advice.isEmpty ? "" : " " + advice)" }
    }

    /// A parameter of the kind that a pipeline must set.
    public struct Setting: Sendable, Equatable {
        /// As under `with:`.
        public let name: String
        /// Its value.
        public let value: Value

        /// A parameter and its value.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// Lengths of songs in seconds.
    public struct Lengths: Sendable, Equatable {
        /// The shortest song.
        public let shortest: Double
        /// The lower median.
        public let median: Double
        /// The longest song.
        public let longest: Double
        /// Of all songs together.
        public let total: Double

        /// Nil if there are no songs.
        public init?(_ seconds: [Double]) {
            let sorted = seconds.sorted()
            guard let first = sorted.first, let last = sorted.last else { return nil }
            shortest = first
            longest = last
            median = sorted[(sorted.count - 1) / 2]
            total = sorted.reduce(0, +)
        }
    }

    /// Everything that was found, in the order of reading.
    public var findings: [Finding] = []
    /// Number of songs that have a rating and sound.
    public var songs = 0
    /// Nil if no song was read.
    public var lengths: Lengths?
    /// What the kind's parameters must be, besides the folder.
    public var settings: [Setting] = []
    /// The rated dimensions.
    public var dimensions: [String] = []
    /// The columns of the metadata.
    public var metadataColumns: [String] = []
    /// The ratings as a table in the documented form; nil if they cannot be read.
    public var ratings: Table?

    /// Nothing found.
    public init() {}

    /// Whether a run can read the dataset with these settings.
    public var isUsable: Bool { songs > 0 && !findings.contains { $0.severity == .error } }
    /// Number of findings of a severity.
    public func count(_ severity: Finding.Severity) -> Int { findings.count { $0.severity == severity } }
}
