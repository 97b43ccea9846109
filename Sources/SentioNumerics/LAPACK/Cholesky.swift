import COpenBLAS

/// The Cholesky factorization of a symmetric positive definite matrix, by LAPACK `dpotrf`.
///
/// The matrix is first scaled to a unit diagonal, so that columns in very different units cost no accuracy, and the
/// condition number measures dependence between columns instead of their units.
public struct Cholesky: Sendable {
    /// Rows (and columns) of the factored matrix.
    public let size: Int
    /// LAPACK's estimate of the reciprocal condition number of the matrix scaled to a unit diagonal, in the 1-norm.
    public let reciprocalCondition: Double

    private let factor: [Double]
    private let scale: [Double]

    /// Factors a matrix; only its lower triangle is read.
    ///
    /// - Throws: `LinearAlgebraError.notPositiveDefinite`, or `.illConditioned` if the reciprocal condition number is
    ///   below size x 2.2e-16, so that solutions would be rounding noise.
    /// - Precondition: `matrix` is square.
    public init(_ matrix: Matrix) throws(LinearAlgebraError) {
        let n = matrix.rows
        precondition(n == matrix.columns, "Only a square matrix has a Cholesky factor.")
        size = n
        guard n > 0 else {
            (factor, scale, reciprocalCondition) = ([], [], 1)
            return
        }
        var scale = [Double](repeating: 0, count: n)
        for index in 0..<n {
            let diagonal = matrix[index, index]
            guard diagonal > 0, diagonal.isFinite else { throw .notPositiveDefinite(index: index) }
            scale[index] = 1 / diagonal.squareRoot()
        }
        var factor = matrix.values
        var norm = 0.0
        factor.withUnsafeMutableBufferPointer { a in
            var columnSums = [Double](repeating: 0, count: n)
            for row in 0..<n {
                for column in 0...row {
                    let value = a[row * n + column] * scale[row] * scale[column]
                    a[row * n + column] = value
                    columnSums[column] += value.magnitude
                    if column < row { columnSums[row] += value.magnitude }
                }
            }
            norm = columnSums.max() ?? 0
        }
        // The lower triangle in row-major order is the upper triangle in column-major order.
        var order = blasSize(n)
        var info: blasint = 0
        BLASThreads.apply()
        dpotrf_("U", &order, &factor, &order, &info, 1)
        guard info == 0 else { throw .notPositiveDefinite(index: max(0, Int(info) - 1)) }
        var reciprocal = 0.0
        var work = [Double](repeating: 0, count: 3 * n)
        var integers = [blasint](repeating: 0, count: n)
        dpocon_("U", &order, factor, &order, &norm, &reciprocal, &work, &integers, &info, 1)
        guard info == 0, reciprocal >= Double(n) * Double.ulpOfOne else {
            throw .illConditioned(reciprocalCondition: reciprocal)
        }
        self.factor = factor
        self.scale = scale
        reciprocalCondition = reciprocal
    }

    /// Solves A x = b for several right-hand sides: each row of `rightHandSides` (k x size) is a b, and the same row of
    /// the result is its x.
    ///
    /// - Precondition: `rightHandSides.columns == size`.
    public func solve(_ rightHandSides: Matrix) -> Matrix {
        precondition(rightHandSides.columns == size, "Each right-hand side needs one value per row of the matrix.")
        guard size > 0, rightHandSides.rows > 0 else { return rightHandSides }
        var solution = rightHandSides
        scaleColumns(of: &solution)
        var order = blasSize(size)
        var count = blasSize(rightHandSides.rows)
        var info: blasint = 0
        solution.withUnsafeMutableValues { b in
            BLASThreads.apply()
            dpotrs_("U", &order, &count, factor, &order, b.baseAddress, &order, &info, 1)
        }
        precondition(info == 0, "LAPACK dpotrs rejected its arguments.")
        scaleColumns(of: &solution)
        return solution
    }

    private func scaleColumns(of matrix: inout Matrix) {
        let (rows, columns) = (matrix.rows, matrix.columns)
        matrix.withUnsafeMutableValues { values in
            for row in 0..<rows {
                for column in 0..<columns { values[row * columns + column] *= scale[column] }
            }
        }
    }
}
