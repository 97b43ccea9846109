import Foundation
import SentioNumerics
import Testing

/// Reads the JSON that `tools/make_learn_fixtures.py` wrote.
enum Fixture {
    static func load<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Content.self, from: Data(contentsOf: url))
    }
}

/// The largest difference, relative to the expected value where that is larger than 1.
func difference(_ values: [Double], _ expected: [Double]) -> Double {
    guard values.count == expected.count else { return .infinity }
    return zip(values, expected).map { value, expected in
        let error = (value - expected).magnitude / max(1, expected.magnitude)
        return error.isNaN ? .infinity : error
    }.max() ?? 0
}

func difference(_ matrix: Matrix, _ expected: Matrix) -> Double {
    matrix.rows == expected.rows ? difference(matrix.values, expected.values) : .infinity
}

/// The largest difference relative to each expected value itself.
func relativeDifference(_ matrix: Matrix, _ expected: [[Double]]) -> Double {
    zip(matrix.values, expected.flatMap { $0 }).map { ($0 - $1).magnitude / $1.magnitude }.max() ?? .infinity
}

/// A table of normal numbers.
func normalTable(_ rows: Int, _ columns: Int, stream: UInt64) -> Matrix {
    var generator = Philox(key: 99, stream: stream)
    return Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in generator.nextNormal() })
}
