/// A dense matrix of doubles, stored row after row without gaps.
///
/// Axes: `rows` (songs, in most of Sentio) by `columns` (features or targets). A value type; copies share storage
/// until one of them is written.
public struct Matrix: Sendable, Equatable {
    public let rows: Int
    public let columns: Int

    /// The elements, row after row: element (r, c) is `values[r * columns + c]`. Its count never changes.
    public private(set) var values: [Double]

    /// A matrix over existing elements, row after row.
    ///
    /// - Precondition: `values.count == rows * columns`, both not negative.
    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(rows >= 0 && columns >= 0, "A matrix cannot have a negative number of rows or columns.")
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        precondition(!overflow && count == values.count, "A matrix needs rows * columns elements.")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// A matrix filled with one number.
    public init(rows: Int, columns: Int, repeating value: Double = 0) {
        precondition(rows >= 0 && columns >= 0, "A matrix cannot have a negative number of rows or columns.")
        self.init(rows: rows, columns: columns, values: [Double](repeating: value, count: rows * columns))
    }

    /// A matrix from its rows, all of one length; an empty list gives 0 x 0.
    public init(_ rows: [[Double]]) {
        let columns = rows.first?.count ?? 0
        precondition(rows.allSatisfy { $0.count == columns }, "All rows of a matrix must have the same length.")
        self.init(rows: rows.count, columns: columns, values: rows.flatMap { $0 })
    }

    /// A matrix widened from single precision, row after row.
    ///
    /// - Precondition: `floats.count == rows * columns`.
    public init(rows: Int, columns: Int, floats: [Float]) {
        self.init(rows: rows, columns: columns, values: floats.map(Double.init))
    }

    /// One column, n x 1.
    public init(column: [Double]) {
        self.init(rows: column.count, columns: 1, values: column)
    }

    /// The elements rounded to single precision, row after row. Beyond the range of `Float` they become infinite.
    public var floats: [Float] { values.map(Float.init) }

    @inlinable
    public subscript(row: Int, column: Int) -> Double {
        get {
            precondition(
                row >= 0 && row < rows && column >= 0 && column < columns, "This element is outside the matrix.")
            return values[row * columns + column]
        }
        set {
            precondition(
                row >= 0 && row < rows && column >= 0 && column < columns, "This element is outside the matrix.")
            setElement(row * columns + column, newValue)
        }
    }

    @usableFromInline
    mutating func setElement(_ index: Int, _ value: Double) {
        values[index] = value
    }

    /// The elements of one row, without a copy.
    public func row(_ index: Int) -> ArraySlice<Double> {
        precondition(index >= 0 && index < rows, "This row is outside the matrix.")
        return values[index * columns..<(index + 1) * columns]
    }

    /// A copy of one column.
    public func column(_ index: Int) -> [Double] {
        precondition(index >= 0 && index < columns, "This column is outside the matrix.")
        return (0..<rows).map { values[$0 * columns + index] }
    }

    /// The rows at these indices, in that order; an index may repeat.
    public func selecting(rows indices: [Int]) -> Matrix {
        var selected: [Double] = []
        selected.reserveCapacity(indices.count * columns)
        for index in indices { selected.append(contentsOf: row(index)) }
        return Matrix(rows: indices.count, columns: columns, values: selected)
    }

    /// The columns at these indices, in that order; an index may repeat.
    public func selecting(columns indices: [Int]) -> Matrix {
        precondition(
            indices.allSatisfy { $0 >= 0 && $0 < columns }, "A selected column is outside the matrix.")
        var selected: [Double] = []
        selected.reserveCapacity(indices.count * rows)
        for row in 0..<rows {
            for index in indices { selected.append(values[row * columns + index]) }
        }
        return Matrix(rows: rows, columns: indices.count, values: selected)
    }

    /// Rows and columns exchanged.
    public func transposed() -> Matrix {
        var result = [Double](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
        }
        return Matrix(rows: columns, columns: rows, values: result)
    }

    /// Reads the elements in place, row after row.
    public func withUnsafeValues<Result>(_ body: (UnsafeBufferPointer<Double>) throws -> Result) rethrows -> Result {
        try values.withUnsafeBufferPointer(body)
    }

    /// Writes the elements in place, row after row.
    public mutating func withUnsafeMutableValues<Result>(
        _ body: (UnsafeMutableBufferPointer<Double>) throws -> Result
    ) rethrows -> Result {
        try values.withUnsafeMutableBufferPointer { try body($0) }
    }
}
