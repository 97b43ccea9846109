/// What an SVR fit found: the model, and how the optimisation of each target went.
public struct SVRFit: Sendable, Equatable {
    public let model: SVRModel
    /// One a target.
    public let runs: [Run]

    public struct Run: Sendable, Equatable, Codable {
        /// Pairs of coefficients moved.
        public let iterations: Int
        /// False where the limit of max(10 million, 100 x songs) iterations ended the search.
        public let converged: Bool
        /// The minimised dual objective, LIBSVM's `obj`.
        public let objective: Double
    }
}
