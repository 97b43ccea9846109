package import SentioKit
import SentioNumerics

/// A time series as the bytes of an artifact's item: `.npy` float64 [steps, 1 + columns], seconds first.
package enum SequenceFile {
    /// The bytes of a series.
    package static func bytes(_ series: TimeSeries) -> [UInt8] {
        var values: [Double] = []
        values.reserveCapacity(series.times.count * (1 + series.values.columns))
        for (row, time) in series.times.enumerated() { values += [time] + series.values.row(row) }
        return NpyFile.write(NpyArray(values, shape: [series.times.count, 1 + series.values.columns]))
    }

    /// Reads a series.
    /// - Throws: `StageFailure` naming song and port for anything but [steps, 1 + columns] with ascending times and
    ///   finite numbers; `NpyError`.
    package static func read(_ bytes: [UInt8], columns: Int, song: String, port: InputPort) throws -> TimeSeries {
        let array = try NpyFile.read(bytes), width = 1 + columns
        guard array.shape.count == 2, array.shape[0] > 0, array.shape[1] == width else {
            throw StageFailure(
                "The sequence of song \(song) on `\(port)` has the shape \(array.shape), not [steps, \(width)]: "
                    + "seconds and \(columns) \(columns == 1 ? "rating" : "ratings") for each step."
            )
        }
        let numbers = array.doubles, steps = array.shape[0]
        let times = (0..<steps).map { numbers[$0 * width] }
        guard numbers.allSatisfy(\.isFinite), zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw StageFailure(
                "The sequence of song \(song) on `\(port)` cannot be used: its times must increase, and every number "
                    + "must be finite."
            )
        }
        let values = (0..<steps).flatMap { numbers[($0 * width + 1)..<(($0 + 1) * width)] }
        return TimeSeries(times: times, values: Matrix(rows: steps, columns: columns, values: values))
    }
}
