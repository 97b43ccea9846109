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

    static func quoted(_ cell: String) -> String {
        let bytes = cell.utf8
        let isPadded = [0x20, 0x09].contains(bytes.first ?? 0) || [0x20, 0x09].contains(bytes.last ?? 0)
        return isPadded || bytes.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) } ? cell.inQuotes : cell
    }
}

extension String {
    /// As CSV quotes a cell. By scalars: Swift takes a quote with an accent for one character, which is not the quote.
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
