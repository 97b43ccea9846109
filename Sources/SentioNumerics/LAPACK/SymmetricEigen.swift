import COpenBLAS

/// The eigenvalues and eigenvectors of a symmetric matrix, by LAPACK `dsyevd` (divide and conquer).
public struct SymmetricEigen: Sendable {
    /// The eigenvalues, ascending.
    public let values: [Double]
    /// Row i is the eigenvector of `values[i]`, with length 1 and LAPACK's choice of sign.
    public let vectors: Matrix

    /// Decomposes a matrix; only its lower triangle is read.
    ///
    /// - Throws: `LinearAlgebraError.noConvergence`, also for NaN or infinity in the matrix.
    /// - Precondition: `matrix` is square.
    public init(_ matrix: Matrix) throws(LinearAlgebraError) {
        let n = matrix.rows
        precondition(n == matrix.columns, "Only a square matrix has eigenvalues.")
        guard n > 0 else {
            (values, vectors) = ([], matrix)
            return
        }
        guard matrix.values.allSatisfy(\.isFinite) else { throw .noConvergence }
        var order = blasSize(n)
        var info: blasint = 0
        var a = matrix.values
        var eigenvalues = [Double](repeating: 0, count: n)
        var workSize: blasint = -1
        var integerSize: blasint = -1
        var work = [0.0]
        var integers: [blasint] = [0]
        // The first call returns the size of the workspace.
        BLASThreads.apply()
        dsyevd_("V", "U", &order, &a, &order, &eigenvalues, &work, &workSize, &integers, &integerSize, &info, 1, 1)
        workSize = blasSize(Int(work[0]))
        integerSize = integers[0]
        work = [Double](repeating: 0, count: Int(workSize))
        integers = [blasint](repeating: 0, count: Int(integerSize))
        dsyevd_("V", "U", &order, &a, &order, &eigenvalues, &work, &workSize, &integers, &integerSize, &info, 1, 1)
        guard info == 0 else { throw .noConvergence }
        values = eigenvalues
        vectors = Matrix(rows: n, columns: n, values: a)
    }
}
