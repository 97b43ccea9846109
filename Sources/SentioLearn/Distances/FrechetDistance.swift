import SentioNumerics

/// The Fréchet distance of two normal distributions, squared, as in the Fréchet inception distance (Heusel et al. 2017)
/// and the Fréchet audio distance (Kilgour et al. 2019): |μ₁ - μ₂|² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½).
///
/// Estimated from few samples it is too large, also between samples of the same distribution: compare it with the
/// distance between two disjoint halves of one set, at the same number of samples.
public enum FrechetDistance {
    /// The trace of (Σ₁ Σ₂)^½ is that of the symmetric (Σ₁^½ Σ₂ Σ₁^½)^½, so no square root of a matrix that is not
    /// symmetric is taken, and singular covariances need no offset. Never below 0. Deterministic.
    ///
    /// - Throws: `LinearAlgebraError.noConvergence`.
    /// - Precondition: both have the same number of columns.
    public static func squared(_ first: CovarianceEstimate, _ second: CovarianceEstimate) throws -> Double {
        precondition(first.mean.count == second.mean.count, "Both distributions need the same columns.")
        let root = try SymmetricEigen(first.covariance).squareRoot()
        let product = try SymmetricEigen(root.times(second.covariance).times(root))
        let between = zip(first.mean, second.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let cross = product.values.reduce(0) { $0 + max(0, $1).squareRoot() }
        return max(0, between + trace(first.covariance) + trace(second.covariance) - 2 * cross)
    }

    private static func trace(_ matrix: Matrix) -> Double { (0..<matrix.rows).reduce(0) { $0 + matrix[$1, $1] } }
}
