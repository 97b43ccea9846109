/// Why a text is not a table, and on which line.
public struct CSVError: Error, Sendable, Equatable {
    public let problem: String
    public let line: Int

    public init(problem: String, line: Int) {
        self.problem = problem
        self.line = line
    }
}

/// Reads CSV (RFC 4180; LF or CRLF; a byte-order mark is skipped). Space around unquoted cells does not count, as in
/// DEAM's own header `song_id, valence_mean, …`. Empty lines are skipped.
///
/// Own code: errors must name the line, and sizes must be bounded, because tables come from strangers.
public enum CSVReader {
    public static let maximumColumns = 100_000

    /// - throws: `CSVError` for a missing header, a row that is wider or narrower than the header, text that is not
    ///   UTF-8, an open quote, or two columns of one name.
    public static func read(_ bytes: [UInt8]) throws(CSVError) -> Table {
        var reader = Reader(bytes: bytes)
        let columns = try header(&reader).cells
        var rows: [[String]] = []
        var lines: [Int] = []
        while let row = try reader.row() {
            guard row.cells.count == columns.count else {
                throw CSVError(problem: "\(row.cells.count) cells where the header has \(columns.count)", line: row.line)
            }
            rows.append(row.cells)
            lines.append(row.line)
        }
        return Table(columns: columns, rows: rows, lines: lines)
    }

    /// The first line: the names of the columns, no name twice.
    static func header(_ reader: inout Reader) throws(CSVError) -> (cells: [String], line: Int) {
        guard let header = try reader.row() else {
            throw CSVError(problem: "the table is empty; its first line must name the columns", line: 1)
        }
        guard header.cells.count <= maximumColumns else {
            throw CSVError(problem: "more than \(maximumColumns) columns", line: header.line)
        }
        if let twice = Dictionary(grouping: header.cells, by: { $0 }).first(where: { $0.value.count > 1 }) {
            throw CSVError(problem: "the column `\(twice.key)` stands in the header twice", line: header.line)
        }
        return header
    }

    /// Walks through a text cell by cell.
    struct Reader {
        let bytes: [UInt8]
        var position: Int
        private(set) var line = 1

        init(bytes: [UInt8]) {
            self.bytes = bytes
            position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        }

        /// Whether another line follows; empty ones do not count.
        mutating func hasRow() -> Bool {
            skipEmptyLines()
            return position < bytes.count
        }

        /// Goes past what ends a cell; false at the end of the line.
        mutating func nextCell() -> Bool {
            guard position < bytes.count else { return false }
            if bytes[position] == UInt8(ascii: ",") {
                position += 1
                return true
            }
            endLine()
            return false
        }

        mutating func row() throws(CSVError) -> (cells: [String], line: Int)? {
            skipEmptyLines()
            guard position < bytes.count else { return nil }
            let start = line
            var cells: [String] = []
            while true {
                cells.append(try cell())
                guard nextCell() else { return (cells, start) }
                if cells.count > CSVReader.maximumColumns { throw CSVError(problem: "too many cells", line: line) }
            }
        }

        private mutating func skipEmptyLines() {
            while position < bytes.count {
                var ahead = position
                while ahead < bytes.count, bytes[ahead] == 0x20 || bytes[ahead] == 0x09 { ahead += 1 }
                guard ahead == bytes.count || bytes[ahead] == 0x0A || bytes[ahead] == 0x0D else { return }
                position = ahead
                if position < bytes.count { endLine() }
            }
        }

        private mutating func endLine() {
            if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A { position += 1 }
            position += 1
            line += 1
        }

        mutating func cell() throws(CSVError) -> String {
            skipSpace()
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quotedCell() }
            return try text(unquotedCell())
        }

        mutating func skipSpace() {
            while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        }

        /// The bytes up to the next comma or end of line, without the space after them.
        mutating func unquotedCell() -> ArraySlice<UInt8> {
            let start = position
            while position < bytes.count, !Self.endsCell(bytes[position]) { position += 1 }
            var end = position
            while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
            return bytes[start..<end]
        }

        private static func endsCell(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D }

        private mutating func quotedCell() throws(CSVError) -> String {
            let start = line
            position += 1
            var out: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\"") {
                    if position < bytes.count, bytes[position] == byte {
                        position += 1
                    } else {
                        while position < bytes.count, bytes[position] == 0x20 { position += 1 }
                        guard position == bytes.count || Self.endsCell(bytes[position]) else {
                            throw CSVError(problem: "text after a closing quote", line: line)
                        }
                        return try text(out[...])
                    }
                } else if byte == 0x0A {
                    line += 1
                }
                out.append(byte)
            }
            throw CSVError(problem: "a quote is opened and never closed", line: start)
        }

        private func text(_ bytes: ArraySlice<UInt8>) throws(CSVError) -> String {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CSVError(problem: "text that is not UTF-8; save the table as UTF-8", line: line)
            }
            return text
        }
    }
}
