import Foundation
import SentioNumerics
import Testing

@Suite struct MatrixTests {
    let matrix = Matrix([[1, 2, 3], [4, 5, 6]])

    @Test func elementsRowsAndColumns() {
        #expect(matrix[1, 0] == 4)
        #expect(Array(matrix.row(1)) == [4, 5, 6])
        #expect(matrix.column(2) == [3, 6])
        #expect(matrix.transposed() == Matrix([[1, 4], [2, 5], [3, 6]]))
        #expect(matrix.selecting(rows: [1, 1]) == Matrix([[4, 5, 6], [4, 5, 6]]))
        #expect(matrix.selecting(columns: [2, 0]) == Matrix([[3, 1], [6, 4]]))
    }

    @Test func writingACopyLeavesTheOriginal() {
        var copy = matrix
        copy[0, 1] = 9
        #expect(copy.values == [1, 9, 3, 4, 5, 6])
        #expect(matrix.values == [1, 2, 3, 4, 5, 6])
    }

    @Test func singlePrecisionGoesThereAndBack() {
        #expect(Matrix(rows: 2, columns: 1, floats: [0.5, 0.25]).floats == [0.5, 0.25])
    }

    @Test func jsonRoundTripIsExact() throws {
        let odd = Matrix([[0.1, 1e-300], [-1.0 / 3, 12345.678]])
        #expect(try JSONDecoder().decode(Matrix.self, from: JSONEncoder().encode(odd)) == odd)
    }

    @Test(arguments: [
        #"{"rows":2,"columns":2,"values":[1,2,3]}"#, #"{"rows":-1,"columns":-1,"values":[1]}"#,
        #"{"rows":9223372036854775807,"columns":3,"values":[]}"#,
    ])
    func jsonWithWrongCountsIsRefused(text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Matrix.self, from: Data(text.utf8)) }
    }
}
