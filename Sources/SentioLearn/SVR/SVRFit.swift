/// The result of an SVR fit: the model, how its settings were chosen, and how the optimization of each target went.
public struct SVRFit: Sendable, Equatable {
    /// The fitted regression.
    public let model: SVRModel
    /// The optimization of each target.
    public let runs: [Run]
    /// The settings of each target.
    public let settings: [SVRGrid.Candidate]
    /// The errors of all settings; nil for a single setting.
    public let choice: Choice?

    /// How the optimization of one target went.
    public struct Run: Sendable, Equatable, Codable {
        /// Steps; each moves one pair of coefficients.
        public let iterations: Int
        /// False if the step limit ended the optimization.
        public let converged: Bool
        /// The dual objective at the solution, LIBSVM's `obj`.
        public let objective: Double
    }

    /// The cross-validation behind chosen settings.
    public struct Choice: Sendable, Equatable, Codable {
        /// The settings tried.
        public let candidates: [SVRGrid.Candidate]
        /// The errors; row i belongs to `candidates[i]`, and each column to a target.
        public let curve: CVCurve
    }
}
