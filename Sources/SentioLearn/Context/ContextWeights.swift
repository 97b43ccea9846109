/// How much a model lets its contexts differ. Inner products u.v of scaled features become u.v (1 + slope same) +
/// offset p same, where `same` is 1 for songs of one context and otherwise 0, and p is the number of features
/// (multitask learning with a common and a specific part: Evgeniou & Pontil 2004).
public struct ContextWeights: Sendable, Hashable, Codable {
    /// Variance of a context's own coefficients relative to that of the common ones: 0 for no difference between
    /// contexts; infinitely large would be a model per context.
    public let slope: Double
    /// Variance of a context's constant relative to that of a prediction by the common coefficients.
    public let offset: Double

    /// Weights of 0 are a model that ignores the context.
    public init(slope: Double, offset: Double) {
        self.slope = slope
        self.offset = offset
    }
}
