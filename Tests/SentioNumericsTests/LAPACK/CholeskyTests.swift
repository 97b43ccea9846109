import SentioNumerics
import Testing

@Suite struct CholeskyTests {
    @Test func solvesForSeveralRightHandSides() throws {
        var a = MatrixProductTests.random(30, 12, stream: 3).gram()
        for index in 0..<12 { a[index, index] += 0.5 }
        let truth = MatrixProductTests.random(3, 12, stream: 4)
        let solution = try Cholesky(a).solve(truth.times(a))
        #expect(MatrixProductTests.difference(solution, truth) < 1e-11)
    }

    @Test func onlyTheLowerTriangleIsRead() throws {
        let factor = try Cholesky(Matrix([[4, .nan], [2, 3]]))
        #expect(MatrixProductTests.difference(factor.solve(Matrix([[8, 7]])), Matrix([[1.25, 1.5]])) < 1e-15)
    }

    @Test func unitsDoNotMatterForTheCondition() throws {
        let factor = try Cholesky(Matrix([[1e20, 1e4], [1e4, 1e-10]]))
        #expect(factor.reciprocalCondition > 0.1)
    }

    @Test func dependentColumnsAreRefused() {
        let x = MatrixProductTests.random(20, 3, stream: 5)
        var wide = Matrix(rows: 20, columns: 4)
        for row in 0..<20 {
            for column in 0..<3 { wide[row, column] = x[row, column] }
            wide[row, 3] = x[row, 0] - 2 * x[row, 1]
        }
        #expect(throws: LinearAlgebraError.self) { try Cholesky(wide.gram()) }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(index: 1)) { try Cholesky(Matrix([[1, 0], [0, 0]])) }
        #expect(throws: LinearAlgebraError.self) { try Cholesky(Matrix([[.nan]])) }
        #expect(throws: LinearAlgebraError.self) { try Cholesky(Matrix([[1, 0], [.infinity, 1]])) }
    }
}
