public import SentioKit
public import SentioRunStore

/// One arm of a comparison: a run, or the runs of one configuration with several seeds.
public struct Arm: Sendable, Equatable {
    /// Name in sentences and tables: the name of a run, `ratio=0.5`.
    public let label: String
    /// One run per replicate.
    public let runs: [Replicate]
    /// The value of the parameter over which a dose–response is computed; nil without one.
    public let dose: Double?
    /// The headline of its runs: the stage and metric that they are judged by.
    public let headline: RunHeadline?

    /// One run of an arm.
    public struct Replicate: Sendable, Equatable {
        /// Run id.
        public let run: String
        /// Replicates with the same number in different arms share a seed.
        public let number: Int
        /// Its scored predictions.
        public let columns: [ScoredColumn]

        /// A run with its replicate number and scored predictions.
        public init(run: String, number: Int, columns: [ScoredColumn]) {
            self.run = run
            self.number = number
            self.columns = columns
        }
    }

    /// An arm; `dose` and `headline` only where they apply.
    public init(label: String, runs: [Replicate], dose: Double? = nil, headline: RunHeadline? = nil) {
        self.headline = headline
        self.label = label
        self.runs = runs
        self.dose = dose
    }
}
