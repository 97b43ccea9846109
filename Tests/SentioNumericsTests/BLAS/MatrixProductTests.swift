import SentioNumerics
import Testing

@Suite struct MatrixProductTests {
    static func random(_ rows: Int, _ columns: Int, stream: UInt64) -> Matrix {
        var generator = Philox(key: 1, stream: stream)
        return Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in generator.nextNormal() })
    }

    static func plainProduct(_ a: Matrix, _ b: Matrix) -> Matrix {
        var result = Matrix(rows: a.rows, columns: b.columns)
        for i in 0..<a.rows {
            for j in 0..<b.columns { result[i, j] = (0..<a.columns).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
        }
        return result
    }

    static func difference(_ a: Matrix, _ b: Matrix) -> Double {
        precondition(a.rows == b.rows && a.columns == b.columns)
        return zip(a.values, b.values).map { ($0 - $1).magnitude }.max() ?? 0
    }

    @Test func fourTranspositionsAgreeWithThePlainLoop() {
        let a = Self.random(7, 5, stream: 0)
        let b = Self.random(5, 3, stream: 1)
        let expected = Self.plainProduct(a, b)
        #expect(Self.difference(a.times(b), expected) < 1e-13)
        #expect(Self.difference(a.transposed().times(b, transposeSelf: true), expected) < 1e-13)
        #expect(Self.difference(a.times(b.transposed(), transposeOther: true), expected) < 1e-13)
        #expect(
            Self.difference(
                a.transposed().times(b.transposed(), transposeSelf: true, transposeOther: true), expected) < 1e-13)
    }

    @Test func gramIsTheProductWithItself() {
        let x = Self.random(9, 4, stream: 2)
        #expect(Self.difference(x.gram(), Self.plainProduct(x.transposed(), x)) < 1e-13)
        #expect(Self.difference(x.gram(ofRows: true), Self.plainProduct(x, x.transposed())) < 1e-13)
        #expect(x.gram() == x.gram().transposed())
    }

    @Test func emptyDimensionsGiveZeros() {
        #expect(Matrix(rows: 2, columns: 0).times(Matrix(rows: 0, columns: 3)) == Matrix(rows: 2, columns: 3))
        #expect(Matrix(rows: 0, columns: 2).gram() == Matrix(rows: 2, columns: 2))
    }

    @Test func threadCountIsKept() {
        #expect(BLASThreads.count == 1, "one thread unless somebody asks for more")
        BLASThreads.set(2)
        #expect(BLASThreads.count == 2)
        BLASThreads.set(0)
        #expect(BLASThreads.count == 1)
    }
}
