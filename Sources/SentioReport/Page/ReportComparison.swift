public import SentioLearn
public import SentioRunStore

/// The comparison in a report of several runs.
public struct ReportComparison: Sendable {
    public struct Dose: Sendable {
        public let dimension: String
        public let parameter: String
        public let response: DoseResponse

        public init(dimension: String, parameter: String, response: DoseResponse) {
            self.dimension = dimension
            self.parameter = parameter
            self.response = response
        }
    }

    public let comparison: ArmComparison
    public let verdicts: [Verdict]
    public let changes: [ChangedSongs]
    public let doses: [Dose]
    /// Parameters side by side; nil for sweeps, whose table says it.
    public let sheet: RunComparison?
    /// What makes the arms hard to compare.
    public let remarks: [String]

    public init(
        _ comparison: ArmComparison, changes: [ChangedSongs], doses: [Dose] = [], sheet: RunComparison? = nil,
        remarks: [String] = []
    ) {
        self.comparison = comparison
        verdicts = Verdict.all(comparison)
        self.changes = changes
        self.doses = doses
        self.sheet = sheet
        self.remarks = remarks
    }
}
