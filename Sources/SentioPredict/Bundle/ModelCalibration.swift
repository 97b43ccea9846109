import SentioKit
public import SentioLearn
import SentioNumerics

/// What a model's errors on songs that it was not fitted on say about how sure it is.
public struct ModelCalibration: Sendable, Equatable {
    /// At most this many calibration songs are kept, evenly from all: more hardly change a quantile.
    public static let most = 2000

    /// Intervals from these errors.
    public let intervals: ConformalIntervals
    /// Which songs they are: `out of fold on 347 training songs`.
    public let source: String

    /// Number of calibration songs.
    public var songs: Int { intervals.songs }

    /// The calibration on these songs, of which the first column of `truth` has one row each.
    /// - Throws: `LearnError`.
    init(truth: Matrix, predictions: Matrix, source: String) throws {
        let count = truth.rows
        let rows = count <= Self.most ? Array(0..<count) : (0..<Self.most).map { $0 * count / Self.most }
        intervals = try ConformalIntervals(
            truth: truth.selecting(rows: rows), predictions: predictions.selecting(rows: rows))
        self.source = source
    }

    /// For `bundle.json`.
    var value: Value {
        func list(_ numbers: [Double]) -> Value { .list(numbers.map { .double($0) }) }
        func rows(_ matrix: Matrix) -> Value { .list((0..<matrix.rows).map { list(Array(matrix.row($0))) }) }
        return [
            "source": .string(source), "predictions": rows(intervals.predictions), "errors": rows(intervals.errors),
            "local": .list(intervals.locals.map { $0.map(list) ?? .null }),
        ]
    }

    /// Reads what `value` wrote for so many dimensions; nil where it is something else.
    init?(_ value: Value, dimensions: Int) {
        func matrix(_ value: Value?) -> Matrix? {
            guard let rows = value?.list, (1...Self.most).contains(rows.count) else { return nil }
            let numbers = rows.map { $0.list?.compactMap(\.double) ?? [] }
            guard numbers.allSatisfy({ $0.count == dimensions }) else { return nil }
            return Matrix(rows: rows.count, columns: dimensions, values: numbers.flatMap { $0 })
        }
        guard let source = value["source"]?.string, let predictions = matrix(value["predictions"]),
            let errors = matrix(value["errors"]), let local = value["local"]?.list
        else { return nil }
        let locals = local.map { $0 == .null ? nil : $0.list?.compactMap(\.double) ?? [] }
        guard
            let intervals = try? ConformalIntervals(predictions: predictions, errors: errors, locals: locals)
        else { return nil }
        self.intervals = intervals
        self.source = source
    }
}
