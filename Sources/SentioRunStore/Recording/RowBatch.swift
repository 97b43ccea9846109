import GRDB

/// Short rows of one table that wait to be written, many by one statement: a statement costs more than what such a row
/// holds.
struct RowBatch {
    /// Rows by statement; the rest goes by the smaller ones.
    private static let sizes = [128, 16, 1]
    /// More cells than these are written before the batch ends: a curve of a million points needs no copy in memory.
    static let most = 100_000

    private let head: String
    private let width: Int
    private var cells: [DatabaseValue] = []

    /// - parameter head: what stands before `VALUES`; of two rows with one key the later counts, so it is an `INSERT OR
    ///   REPLACE`.
    /// - parameter width: columns.
    init(_ head: String, width: Int) {
        self.head = head
        self.width = width
    }

    /// - precondition: one cell a column.
    mutating func append(_ row: DatabaseValue..., to db: Database) throws {
        precondition(row.count == width)
        cells += row
        if cells.count > Self.most { try write(db) }
    }

    /// Writes all rows, in the order in which they came.
    mutating func write(_ db: Database) throws {
        var start = 0
        for size in Self.sizes where cells.count - start >= size * width {
            let row = "(" + Array(repeating: "?", count: width).joined(separator: ", ") + ")"
            let statement = try db.cachedStatement(
                sql: head + " VALUES " + Array(repeating: row, count: size).joined(separator: ", "))
            while cells.count - start >= size * width {
                try statement.execute(arguments: StatementArguments(cells[start..<start + size * width]))
                start += size * width
            }
        }
        cells.removeAll(keepingCapacity: true)
    }
}
