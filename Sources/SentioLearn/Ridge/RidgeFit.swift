/// What a ridge fit found: the model, and how its alphas were chosen.
public struct RidgeFit: Sendable, Equatable, Codable {
    public let model: RidgeModel
    /// The alphas tried, in the order of the curve's rows, and their errors; nil for a fixed alpha.
    public let choice: Choice?

    /// The cross-validation behind chosen alphas.
    public struct Choice: Sendable, Equatable, Codable {
        /// Descending.
        public let grid: [Double]
        /// Row i belongs to `grid[i]`; one column a target.
        public let curve: CVCurve
    }
}
