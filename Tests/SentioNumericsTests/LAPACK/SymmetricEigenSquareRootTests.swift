import SentioNumerics
import Testing

@Suite struct SymmetricEigenSquareRootTests {
    @Test func timesItselfIsTheMatrix() throws {
        let a = MatrixProductTests.random(15, 8, stream: 6).gram(), root = try SymmetricEigen(a).squareRoot()
        #expect(MatrixProductTests.difference(root.times(root), a) < 1e-12)
        #expect(MatrixProductTests.difference(root, root.transposed()) < 1e-13)
    }

    /// Three rows in eight dimensions: five eigenvalues are zero, some of them slightly below.
    @Test func singularMatricesHaveOne() throws {
        let a = MatrixProductTests.random(3, 8, stream: 7).gram(), root = try SymmetricEigen(a).squareRoot()
        let isFinite = root.values.allSatisfy { $0.isFinite }
        #expect(isFinite)
        #expect(MatrixProductTests.difference(root.times(root), a) < 1e-12)
    }
}
