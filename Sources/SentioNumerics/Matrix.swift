/// A dense matrix of doubles in row-major order without gaps.
///
/// Axes: `rows` (songs, in most of Sentio) by `columns` (features or targets). A value type with copy-on-write storage.
public struct Matrix: Sendable, Equatable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int

    /// The elements in row-major order: element (r, c) is `values[r * columns + c]`. Its count never changes.
    public private(set) var values: [Double]

    /// A matrix of existing elements in row-major order.
    ///
    /// - Precondition: `values.count == rows * columns`, both non-negative.
    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(rows >= 0 && columns >= 0, "A matrix cannot have a negative number of rows or columns.")
        let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
        precondition(!overflow && count == values.count, "A matrix needs rows * columns elements.")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// A matrix filled with a single number.
    public init(rows: Int, columns: Int, repeating value: Double = 0) {
        precondition(rows >= 0 && columns >= 0, "A matrix cannot have a negative number of rows or columns.")
        self.init(rows: rows, columns: columns, values: [Double](repeating: value, count: rows * columns))
    }

    /// A matrix from its rows, which have the same length; an empty list gives 0 x 0.
    public init(_ rows: [[Double]]) {
        let columns = rows.first?.count ?? 0
        precondition(rows.allSatisfy { $0.count == columns }, "All rows of a matrix must have the same length.")
        self.init(rows: rows.count, columns: columns, values: rows.flatMap { $0 })
    }

    /// A matrix from single-precision elements in row-major order.
    ///
    /// - Precondition: `floats.count == rows * columns`.
    public init(rows: Int, columns: Int, floats: [Float]) {
        self.init(rows: rows, columns: columns, values: floats.map(Double.init))
    }

    /// A matrix with one column, n x 1.
    public init(column: [Double]) {
        self.init(rows: column.count, columns: 1, values: column)
    }

    /// The elements rounded to single precision, in row-major order. Values out of range become infinite.
    public var floats: [Float] { values.map(Float.init) }

    /// One element.
    ///
    /// - Precondition: the indices are in range.
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

    /// The elements of one row, without copying.
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

    /// The transpose.
    public func transposed() -> Matrix {
        var result = [Double](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
        }
        return Matrix(rows: columns, columns: rows, values: result)
    }

    /// Gives read access to the elements in row-major order.
    public func withUnsafeValues<Result>(_ body: (UnsafeBufferPointer<Double>) throws -> Result) rethrows -> Result {
        try values.withUnsafeBufferPointer(body)
    }

    /// Gives write access to the elements in row-major order.
    public mutating func withUnsafeMutableValues<Result>(
        _ body: (UnsafeMutableBufferPointer<Double>) throws -> Result
    ) rethrows -> Result {
        try values.withUnsafeMutableBufferPointer { try body($0) }
    }
}
