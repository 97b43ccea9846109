/// A table of text cells with named columns, as read from or written to CSV.
public struct Table: Sendable, Equatable {
    /// Names in order.
    public var columns: [String]
    /// [rows, columns] of cells.
    public var rows: [[String]]
    /// The line of each row in its file, counted from 1; empty for tables that were not read.
    public var lines: [Int]

    /// A table of text.
    /// - Precondition: every row has as many cells as there are columns.
    public init(columns: [String], rows: [[String]], lines: [Int] = []) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "Every row needs \(columns.count) cells.")
        self.columns = columns
        self.rows = rows
        self.lines = lines
    }

    /// The index of a column; nil if there is none of that name.
    public func column(_ name: String) -> Int? { columns.firstIndex(of: name) }

    /// RFC 4180: cells with commas, quotes, line ends or spaces at an end are quoted; lines end with LF.
    public var csv: String {
        var out = ""
        for row in [columns] + rows {
            out += row.map(Self.quoted).joined(separator: ",")
            out += "\n"
        }
        return out
    }

    static func quoted(_ cell: String) -> String {
        let bytes = cell.utf8
        let isPadded = [0x20, 0x09].contains(bytes.first ?? 0) || [0x20, 0x09].contains(bytes.last ?? 0)
        return isPadded || bytes.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } ? cell.inQuotes : cell
    }
}

extension String {
    /// Quoted for CSV. Works on scalars: to Swift, a quote with a combining accent is not a quote.
    var inQuotes: String {
        var quoted = String.UnicodeScalarView()
        quoted.append("\"")
        for scalar in unicodeScalars {
            quoted.append(scalar)
            if scalar == "\"" { quoted.append(scalar) }
        }
        quoted.append("\"")
        return String(quoted)
    }
}
