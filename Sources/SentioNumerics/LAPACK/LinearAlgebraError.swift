/// What a factorisation can say about its matrix.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
    /// The matrix is not positive definite; `index` is the first row and column that shows it, from 0.
    case notPositiveDefinite(index: Int)
    /// The matrix is positive definite in name only: `reciprocalCondition` is no more than rounding.
    case illConditioned(reciprocalCondition: Double)
    /// An eigenvalue iteration did not converge, which happens for matrices with NaN or infinity.
    case noConvergence

    public var description: String {
        switch self {
        case .notPositiveDefinite(let index):
            "The matrix is not positive definite: the first \(index + 1) rows and columns depend on each other."
        case .illConditioned(let reciprocalCondition):
            "The matrix is singular to working precision (reciprocal condition number \(reciprocalCondition))."
        case .noConvergence:
            "The eigenvalues did not converge; look for NaN or infinity in the matrix."
        }
    }
}
