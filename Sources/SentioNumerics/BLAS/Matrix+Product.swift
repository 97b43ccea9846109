import COpenBLAS

extension Matrix {
    /// The product op(self) op(other) by OpenBLAS `dgemm`, where op optionally transposes.
    ///
    /// - Precondition: the inner dimensions agree and every dimension fits in 32 bits.
    public func times(_ other: Matrix, transposeSelf: Bool = false, transposeOther: Bool = false) -> Matrix {
        let m = transposeSelf ? columns : rows
        let k = transposeSelf ? rows : columns
        let n = transposeOther ? other.rows : other.columns
        precondition(
            k == (transposeOther ? other.columns : other.rows), "The inner dimensions of a product must agree.")
        var result = Matrix(rows: m, columns: n)
        guard m > 0, n > 0, k > 0 else { return result }
        BLASThreads.apply()
        withUnsafeValues { a in
            other.withUnsafeValues { b in
                result.withUnsafeMutableValues { c in
                    cblas_dgemm(
                        CblasRowMajor, transposeSelf ? CblasTrans : CblasNoTrans,
                        transposeOther ? CblasTrans : CblasNoTrans, blasSize(m), blasSize(n), blasSize(k),
                        1, a.baseAddress, blasSize(columns), b.baseAddress, blasSize(other.columns),
                        0, c.baseAddress, blasSize(n))
                }
            }
        }
        return result
    }

    /// The Gram matrix of the columns, X'X (columns x columns), or of the rows, XX' (rows x rows), by OpenBLAS `dsyrk`.
    /// Exactly symmetric.
    ///
    /// - Precondition: both dimensions fit in 32 bits.
    public func gram(ofRows: Bool = false) -> Matrix {
        let n = ofRows ? rows : columns
        let k = ofRows ? columns : rows
        var result = Matrix(rows: n, columns: n)
        guard n > 0, k > 0 else { return result }
        BLASThreads.apply()
        withUnsafeValues { x in
            result.withUnsafeMutableValues { g in
                cblas_dsyrk(
                    CblasRowMajor, CblasLower, ofRows ? CblasNoTrans : CblasTrans, blasSize(n), blasSize(k),
                    1, x.baseAddress, blasSize(columns), 0, g.baseAddress, blasSize(n))
                for row in 0..<n {
                    for column in 0..<row { g[column * n + row] = g[row * n + column] }
                }
            }
        }
        return result
    }
}

/// A dimension as OpenBLAS's integer type.
func blasSize(_ count: Int) -> blasint {
    guard let size = blasint(exactly: count) else {
        preconditionFailure("A matrix dimension must fit in 32 bits for OpenBLAS.")
    }
    return size
}
