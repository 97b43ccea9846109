/// A table of text cells with named columns, as read from or written to CSV.
public struct Table: Sendable, Equatable {
    public var columns: [String]
    public var rows: [[String]]
    /// The line of the file each row came from, 1-based; empty for tables that were not read.
    public var lines: [Int]

    /// - precondition: every row has as many cells as there are columns.
    public init(columns: [String], rows: [[String]], lines: [Int] = []) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "Every row needs \(columns.count) cells.")
        self.columns = columns
        self.rows = rows
        self.lines = lines
    }

    /// The position of a column, nil where there is none of that name.
    public func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

    /// RFC 4180: cells with commas, quotes or line ends are quoted; lines end with LF.
    public var csv: String {
        var out = ""
        for row in [columns] + rows {
            out += row.map(Self.quoted).joined(separator: ",")
            out += "\n"
        }
        return out
    }

    private static func quoted(_ cell: String) -> String {
        let needsQuotes = cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } || cell.first == " " || cell.last == " "
        return needsQuotes ? "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\"" : cell
    }
}
