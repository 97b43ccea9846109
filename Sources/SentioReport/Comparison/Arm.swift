public import SentioKit
public import SentioRunStore

/// One side of a comparison: a run, or the runs of one setting under several seeds.
public struct Arm: Sendable, Equatable {
    /// What it is called in sentences and tables: a run's name, `ratio=0.5`.
    public let label: String
    public let runs: [Replicate]
    /// Where the arms are doses of one parameter, this one's.
    public let dose: Double?
    /// What its runs are about.
    public let headline: RunHeadline?

    /// One run of an arm.
    public struct Replicate: Sendable, Equatable {
        public let run: String
        /// Replicates of the same number share their seed with those of other arms.
        public let number: Int
        public let columns: [ScoredColumn]

        public init(run: String, number: Int, columns: [ScoredColumn]) {
            self.run = run
            self.number = number
            self.columns = columns
        }
    }

    public init(label: String, runs: [Replicate], dose: Double? = nil, headline: RunHeadline? = nil) {
        self.headline = headline
        self.label = label
        self.runs = runs
        self.dose = dose
    }
}
