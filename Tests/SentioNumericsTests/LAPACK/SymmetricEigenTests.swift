import SentioNumerics
import Testing

@Suite struct SymmetricEigenTests {
    @Test func rebuildsTheMatrixFromItsParts() throws {
        let a = MatrixProductTests.random(15, 8, stream: 6).gram()
        let eigen = try SymmetricEigen(a)
        #expect(eigen.values == eigen.values.sorted())
        var scaled = eigen.vectors
        for row in 0..<8 {
            for column in 0..<8 { scaled[row, column] *= eigen.values[row] }
        }
        #expect(MatrixProductTests.difference(eigen.vectors.times(scaled, transposeSelf: true), a) < 1e-12)
    }

    @Test func knownValues() throws {
        // [[2, 1], [1, 2]] has eigenvalues 1 and 3.
        let values = try SymmetricEigen(Matrix([[2, 0], [1, 2]])).values
        #expect((values[0] - 1).magnitude < 1e-14 && (values[1] - 3).magnitude < 1e-14)
    }

    @Test func notFiniteIsRefused() {
        #expect(throws: LinearAlgebraError.noConvergence) { try SymmetricEigen(Matrix([[.nan]])) }
    }
}
