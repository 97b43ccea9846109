extension SymmetricEigen {
    /// The symmetric square root of a positive semidefinite matrix: V diag(√λ) Vᵀ.
    ///
    /// Eigenvalues below zero, which rounding produces where a covariance is singular, count as 0.
    public func squareRoot() -> Matrix {
        var scaled = vectors
        let size = vectors.columns
        scaled.withUnsafeMutableValues { rows in
            for (index, value) in values.enumerated() {
                let root = max(0, value).squareRoot()
                for column in 0..<size { rows[index * size + column] *= root }
            }
        }
        return vectors.times(scaled, transposeSelf: true)
    }
}
