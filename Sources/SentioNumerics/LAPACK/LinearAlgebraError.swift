/// Why a factorization failed.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
    /// The matrix is not positive definite; its leading minor up to row and column `index` (from 0) shows it.
    case notPositiveDefinite(index: Int)
    /// The matrix is singular up to rounding.
    case illConditioned(reciprocalCondition: Double)
    /// The eigenvalue iteration did not converge, as happens for matrices with NaN or infinity.
    case noConvergence

    public var description: String {
        switch self {
        case .notPositiveDefinite(let index):
            "The matrix is not positive definite: its first \(index + 1) rows and columns are linearly dependent."
        case .illConditioned(let reciprocalCondition):
            "The matrix is singular to working precision (reciprocal condition number \(reciprocalCondition))."
        case .noConvergence:
            "The eigenvalues did not converge. Check the matrix for NaN or infinity."
        }
    }
}
