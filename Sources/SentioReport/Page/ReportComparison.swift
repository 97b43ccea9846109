public import SentioLearn
public import SentioRunStore

/// The comparison in a report of several runs.
public struct ReportComparison: Sendable {
    /// A dose–response in one dimension.
    public struct Dose: Sendable {
        let dimension: String
        let parameter: String
        let response: DoseResponse

        /// - Parameters:
        ///   - dimension: `valence`, `arousal`.
        ///   - parameter: the swept parameter.
        public init(dimension: String, parameter: String, response: DoseResponse) {
            self.dimension = dimension
            self.parameter = parameter
            self.response = response
        }
    }

    /// The compared arms.
    public let comparison: ArmComparison
    let verdicts: [Verdict]
    let changes: [ChangedSongs]
    let doses: [Dose]
    let sheet: RunComparison?
    let remarks: [String]

    /// - Parameters:
    ///   - changes: one per arm other than the baseline.
    ///   - sheet: the settings of the runs; nil for sweeps, whose arms are named by them.
    ///   - remarks: obstacles to the comparison, such as different code versions or missing cells, as sentences.
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
