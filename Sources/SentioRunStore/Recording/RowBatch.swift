import GRDB

/// Short rows of one table, buffered and inserted with multi-row statements: a statement costs more than the contents
/// of such a row.
struct RowBatch {
    /// Rows per statement; the remainder uses the smaller sizes.
    private static let sizes = [128, 16, 1]
    /// Once the buffer has more cells, it is written before the batch ends, so a series of a million points is not held
    /// in memory.
    private static let maximumCells = 100_000

    private let head: String
    private let width: Int
    private var cells: [DatabaseValue] = []

    /// - Parameter head: the SQL before `VALUES`. If two rows have the same key, the later one counts, so this is an
    ///   `INSERT OR REPLACE`.
    /// - Parameter width: number of columns.
    init(_ head: String, width: Int) {
        self.head = head
        self.width = width
    }

    /// Adds a row.
    /// - Precondition: one cell per column.
    mutating func append(_ row: DatabaseValue..., to db: Database) throws {
        precondition(row.count == width)
        cells += row
        if cells.count > Self.maximumCells { try write(db) }
    }

    /// Writes all buffered rows in the order in which they were added.
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
