package import SentioNumerics

/// Values of one song at ascending times: ratings, predictions, activations of a network.
package struct TimeSeries: Sendable, Equatable {
    /// Seconds from the song's start, strictly ascending.
    package let times: [Double]
    /// One row per time.
    package let values: Matrix

    /// - Precondition: There is at least one time, and one row for each.
    package init(times: [Double], values: Matrix) {
        precondition(!times.isEmpty && times.count == values.rows, "A series needs one row of values for each time.")
        self.times = times
        self.values = values
    }

    /// The mean of each column over time.
    package var means: [Double] {
        (0..<values.columns).map { values.column($0).reduce(0, +) / Double(times.count) }
    }

    /// The values at other times, interpolated linearly between neighbors and constant beyond both ends, [times,
    /// columns].
    package func at(_ wanted: [Double]) -> Matrix {
        var found: [Double] = []
        found.reserveCapacity(wanted.count * values.columns)
        for time in wanted {
            let (row, share) = Self.place(of: time, in: times)
            guard share > 0 else {
                found += values.row(row)
                continue
            }
            found += zip(values.row(row), values.row(row + 1)).map { (1 - share) * $0 + share * $1 }
        }
        return Matrix(rows: wanted.count, columns: values.columns, values: found)
    }

    /// The row at or before a time, and the fraction of the way from it to the next row, 0..<1; 0 at and beyond the
    /// ends.
    package static func place(of time: Double, in times: [Double]) -> (row: Int, share: Double) {
        guard let first = times.first, time > first else { return (0, 0) }
        var low = 0, high = times.count
        // The last row whose time is not after `time`.
        while high - low > 1 {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle } else { high = middle }
        }
        guard low + 1 < times.count else { return (low, 0) }
        return (low, (time - times[low]) / (times[low + 1] - times[low]))
    }
}
