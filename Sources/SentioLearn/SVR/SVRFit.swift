/// What an SVR fit found: the model, how its settings were chosen, and how the optimisation of each target went.
public struct SVRFit: Sendable, Equatable {
    public let model: SVRModel
    /// One a target.
    public let runs: [Run]
    /// The settings of each target.
    public let settings: [SVRGrid.Candidate]
    /// Nil where there was nothing to choose.
    public let choice: Choice?

    public struct Run: Sendable, Equatable, Codable {
        /// Pairs of coefficients moved.
        public let iterations: Int
        /// False where the limit of iterations ended the search.
        public let converged: Bool
        /// The minimised dual objective, LIBSVM's `obj`.
        public let objective: Double
    }

    /// The cross-validation behind chosen settings.
    public struct Choice: Sendable, Equatable, Codable {
        public let candidates: [SVRGrid.Candidate]
        /// Row i belongs to `candidates[i]`; one column a target.
        public let curve: CVCurve
    }
}
