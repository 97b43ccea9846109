import SentioNumerics

/// The normal equations of a ridge problem, which can be solved for any alpha.
///
/// Features and targets are centered, so the intercept is not penalized. With at most as many features as rows, the
/// equations are (X'X + alpha I) w = X'y; with more, the dual form w = X'(XX' + alpha I)^-1 y gives the same w.
struct RidgeSolver {
    private let centered: Matrix
    private let featureMeans: [Double]
    private let targetMeans: [Double]
    private let gram: Matrix
    /// Targets x features (primal) or targets x rows (dual).
    private let rightHandSides: Matrix
    private let isDual: Bool

    init(features: Matrix, targets: Matrix) {
        let targetsCentered: Matrix
        (centered, featureMeans) = Self.center(features)
        (targetsCentered, targetMeans) = Self.center(targets)
        isDual = features.columns > features.rows
        gram = centered.gram(ofRows: isDual)
        rightHandSides =
            isDual ? targetsCentered.transposed() : targetsCentered.times(centered, transposeSelf: true)
    }

    struct Solution {
        /// Targets x features.
        let coefficients: Matrix
        let intercepts: [Double]
    }

    /// Solves for all targets.
    ///
    /// - Throws: `LearnError.singular`, also if numbers are too large for doubles.
    func solve(alpha: Double, featureNames: [String]) throws(LearnError) -> Solution {
        var matrix = gram
        for index in 0..<matrix.rows { matrix[index, index] += alpha }
        let factor: Cholesky
        do {
            factor = try Cholesky(matrix)
        } catch {
            throw singular(alpha: alpha, featureNames: featureNames, error: error)
        }
        var coefficients = factor.solve(rightHandSides)
        if isDual { coefficients = coefficients.times(centered) }
        let intercepts = targetMeans.indices.map { target in
            targetMeans[target] - zip(coefficients.row(target), featureMeans).reduce(0) { $0 + $1.0 * $1.1 }
        }
        guard coefficients.values.allSatisfy(\.isFinite), intercepts.allSatisfy(\.isFinite) else {
            throw singular(alpha: alpha, featureNames: featureNames, error: nil)
        }
        return Solution(coefficients: coefficients, intercepts: intercepts)
    }

    private func singular(alpha: Double, featureNames: [String], error: LinearAlgebraError?) -> LearnError {
        var column: String?
        if !isDual, case .notPositiveDefinite(let index) = error { column = featureNames[index] }
        return .singular(alpha: alpha, rows: centered.rows, features: centered.columns, column: column)
    }

    /// Subtracts the column means, and returns them. A constant column becomes exactly zero.
    static func center(_ matrix: Matrix) -> (Matrix, [Double]) {
        guard matrix.rows > 0 else { return (matrix, [Double](repeating: 0, count: matrix.columns)) }
        let (rows, columns, share) = (matrix.rows, matrix.columns, 1 / Double(matrix.rows))
        let first = Array(matrix.row(0))
        var shifts = [Double](repeating: 0, count: columns)
        matrix.forEachElement(with: &shifts, first) { shift, value, first in shift += (value - first) * share }
        var result = matrix
        result.withUnsafeMutableValues { values in
            first.withUnsafeBufferPointer { first in
                shifts.withUnsafeBufferPointer { shifts in
                    for row in 0..<rows {
                        let start = row * columns
                        for column in 0..<columns {
                            values[start + column] = (values[start + column] - first[column]) - shifts[column]
                        }
                    }
                }
            }
        }
        return (result, zip(first, shifts).map(+))
    }
}
