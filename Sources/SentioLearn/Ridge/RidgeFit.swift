/// The result of a ridge fit: the model, and how its alphas were chosen.
public struct RidgeFit: Sendable, Equatable, Codable {
    /// The fitted regression.
    public let model: RidgeModel
    /// The alphas tried and their errors; nil for a fixed alpha.
    public let choice: Choice?

    /// The cross-validation behind chosen alphas.
    public struct Choice: Sendable, Equatable, Codable {
        /// The alphas, descending; with a context, once for each of its weights.
        public let grid: [Double]
        /// The errors; row i belongs to `grid[i]`, and each column to a target.
        public let curve: CVCurve
        /// The weights of the context that belong to each element of `grid`; nil without a context.
        public let contexts: [ContextWeights]?

        init(grid: [Double], curve: CVCurve, contexts: [ContextWeights]? = nil) {
            self.grid = grid
            self.curve = curve
            self.contexts = contexts
        }
    }
}
