import Foundation
import SentioNumerics

/// Probabilities of classes from their margins: e to the power of each, over the sum. In single precision with a sum in
/// double precision, as XGBoost computes it.
enum Softmax {
    /// Replaces the margins of one row by probabilities.
    @inline(__always)
    static func transform(_ values: UnsafeMutableBufferPointer<Float>) {
        var largest = values[0]
        for index in values.indices.dropFirst() { largest = max(largest, values[index]) }
        var sum = 0.0
        for index in values.indices {
            values[index] = exp(values[index] - largest)
            sum += Double(values[index])
        }
        for index in values.indices { values[index] /= Float(sum) }
    }

    /// Rows x classes.
    static func rows(_ margins: Matrix) -> Matrix {
        var result = margins
        result.withUnsafeMutableValues { values in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: margins.columns) { row in
                for start in stride(from: 0, to: values.count, by: margins.columns) {
                    for column in row.indices { row.initializeElement(at: column, to: Float(values[start + column])) }
                    transform(row)
                    for column in row.indices { values[start + column] = Double(row[column]) }
                }
            }
        }
        return result
    }
}
