/// Why a text is not a valid table, and where.
public struct CSVError: Error, Sendable, Equatable {
    /// What is wrong, starting in lower case.
    public let problem: String
    /// Counted from 1.
    public let line: Int
    /// In characters, counted from 1; nil for the line as a whole.
    public let column: Int?

    /// A fault of a line, or of the text at a column.
    public init(problem: String, line: Int, column: Int? = nil) {
        self.problem = problem
        self.line = line
        self.column = column
    }

    /// `12`, or `12:5` with the column.
    public var place: String { column.map { "\(line):\($0)" } ?? "\(line)" }
}

/// Reads CSV (RFC 4180; LF or CRLF). A byte-order mark, empty lines and spaces around unquoted cells, as in DEAM's
/// header `song_id, valence_mean, …`, are skipped. For other separators see `CSVFormat`.
///
/// Not a library: errors must name the line, and sizes must be bounded because tables come from untrusted sources.
public enum CSVReader {
    static let maximumColumns = 100_000

    /// Reads a whole table.
    /// - Throws: `CSVError` for a missing header, a row with more or fewer cells than the header, text that is not
    ///   UTF-8, an unclosed quote, or two columns of the same name.
    public static func read(_ bytes: [UInt8], format: CSVFormat = .plain) throws(CSVError) -> Table {
        var reader = Reader(bytes: bytes, format: format)
        let header = try header(&reader)
        if let fault = headerFaults(header, in: bytes, format).first { throw fault }
        if let problem = unnamed(header.cells), header.cells.count(where: \.isEmpty) > 1 {
            throw CSVError(problem: problem, line: header.line)
        }
        var rows: [[String]] = []
        var lines: [Int] = []
        while let row = try reader.row() {
            guard row.cells.count == header.cells.count else {
                let uneven = UnevenRow(row.cells.count, header.cells.count, format)
                let place = uneven.place(line: row.line, in: bytes)
                throw CSVError(problem: uneven.problem, line: place.line, column: place.column)
            }
            rows.append(row.cells)
            lines.append(row.line)
        }
        return Table(columns: header.cells, rows: rows, lines: lines)
    }

    /// Reads what is readable: the rows that have as many cells as the header, and all faults of the table.
    /// - Parameter column: the column of song ids, which messages about rows mention.
    public static func survey(
        _ bytes: [UInt8], format: CSVFormat = .plain, naming column: String = "song_id"
    ) -> (table: Table, faults: TableFaults, headerLine: Int) {
        var reader = Reader(bytes: bytes, format: format), faults = TableFaults(), headerLine = 1
        var table = Table(columns: [], rows: [])
        do throws(CSVError) {
            let header = try header(&reader), count = header.cells.count, idCell = header.cells.firstIndex(of: column)
            for fault in headerFaults(header, in: bytes, format) { faults.add(fault) }
            table.columns = header.cells
            headerLine = header.line
            while let row = try reader.row() {
                faults.rows += 1
                if row.cells.count == count {
                    table.rows.append(row.cells)
                    table.lines.append(row.line)
                } else {
                    let id = idCell.flatMap { row.cells.indices.contains($0) ? row.cells[$0] : nil } ?? ""
                    faults.add(UnevenRow(row.cells.count, count, format), song: id, line: row.line, in: bytes)
                }
            }
        } catch { faults.add(error) }
        return (table, faults, headerLine)
    }

    /// The names in the header; empty if it cannot be read.
    public static func columns(_ bytes: [UInt8], format: CSVFormat = .plain) -> [String] {
        var reader = Reader(bytes: bytes, format: format)
        return (try? header(&reader).cells) ?? []
    }

    /// `column 3 has no name`; nil if every column has one.
    public static func unnamed(_ columns: [String]) -> String? {
        let numbers = columns.indices.filter { columns[$0].isEmpty }.map { "\($0 + 1)" }
        guard let last = numbers.last else { return nil }
        let shown =
            numbers.count > 5 ? numbers.prefix(5).joined(separator: ", ") + " and \(numbers.count - 5) more" : nil
        return numbers.count == 1
            ? "column \(last) has no name"
            : "columns \(shown ?? numbers.dropLast().joined(separator: ", ") + " and " + last) have no name"
    }

    /// The place of a cell in the text: line and column of its first character, both counted from 1.
    /// - Parameters:
    ///   - line: line of the row, as in `Table.lines`.
    ///   - cell: index in the row, from 0.
    public static func place(line: Int, cell: Int, in bytes: [UInt8], format: CSVFormat = .plain) -> (
        line: Int, column: Int
    ) {
        var reader = Reader(bytes: bytes, format: format)
        while reader.hasRow(), reader.line < line { guard (try? reader.row()) != nil else { return (line, 1) } }
        for _ in 0..<cell { guard (try? reader.cell()) != nil, reader.nextCell() else { return (line, 1) } }
        reader.skipSpace()
        return (reader.line, reader.column)
    }

    /// The first line that is not empty: the names of the columns.
    static func header(_ reader: inout Reader) throws(CSVError) -> (cells: [String], line: Int) {
        guard let header = try reader.row() else {
            throw CSVError(problem: "the table is empty; its first line must name the columns", line: 1)
        }
        guard header.cells.count <= maximumColumns else {
            throw CSVError(problem: "the table has more than \(maximumColumns) columns", line: header.line)
        }
        return header
    }

    /// Names that occur more than once, each at its second occurrence. Columns without a name are not included.
    static func headerFaults(_ header: (cells: [String], line: Int), in bytes: [UInt8], _ format: CSVFormat)
        -> [CSVError]
    {
        var seen: [String: Int] = [:], faults: [CSVError] = []
        for (cell, name) in header.cells.enumerated() where !name.isEmpty {
            seen[name, default: 0] += 1
            guard seen[name] == 2 else { continue }
            let place = place(line: header.line, cell: cell, in: bytes, format: format)
            let problem = "the header has the column `\(Excerpt.text(name))` twice"
            faults.append(CSVError(problem: problem, line: place.line, column: place.column))
        }
        return faults
    }

    /// Reads a text cell by cell.
    struct Reader {
        let bytes: [UInt8]
        private let separator: UInt8
        var position: Int
        var line = 1
        /// Position of the first byte of the line.
        var lineStart: Int

        init(bytes: [UInt8], format: CSVFormat = .plain) {
            self.bytes = bytes
            separator = format.separator.rawValue
            position = max(format.preamble, bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
            lineStart = position
            if format.preamble > 0, position < bytes.count { endLine() }
        }

        /// The column of `position`, in characters, counted from 1.
        var column: Int { column(at: position, lineStart: lineStart) }

        private func column(at place: Int, lineStart: Int) -> Int {
            1 + bytes[min(lineStart, place)..<place].count { $0 & 0xC0 != 0x80 }
        }

        /// Skips empty lines; whether another line follows.
        mutating func hasRow() -> Bool {
            skipEmptyLines()
            return position < bytes.count
        }

        /// Skips the separator or line end after a cell; false at the end of the line.
        mutating func nextCell() -> Bool {
            guard position < bytes.count else { return false }
            if bytes[position] == separator {
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
                if cells.count > CSVReader.maximumColumns {
                    throw CSVError(problem: "the row has more than \(CSVReader.maximumColumns) cells", line: line)
                }
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
            lineStart = position
        }

        mutating func cell() throws(CSVError) -> String {
            skipSpace()
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quotedCell() }
            let start = position
            return try text(unquotedCell(), line: line, start, lineStart)
        }

        mutating func skipSpace() {
            while position < bytes.count, isSpace(bytes[position]) { position += 1 }
        }

        /// The bytes up to the next separator or line end, without trailing spaces.
        mutating func unquotedCell() -> ArraySlice<UInt8> {
            let start = position
            while position < bytes.count, !endsCell(bytes[position]) { position += 1 }
            var end = position
            while end > start, isSpace(bytes[end - 1]) { end -= 1 }
            return bytes[start..<end]
        }

        private func endsCell(_ byte: UInt8) -> Bool { byte == separator || byte == 0x0A || byte == 0x0D }
        private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 && byte != separator }

        private mutating func quotedCell() throws(CSVError) -> String {
            let start = (line: line, position: position, lineStart: lineStart)
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
                        guard position == bytes.count || endsCell(bytes[position]) else {
                            throw CSVError(
                                problem: "text after a closing quote; write a quote inside a quoted cell twice",
                                line: line, column: column)
                        }
                        return try text(out[...], line: start.line, start.position, start.lineStart)
                    }
                } else if byte == 0x0A {
                    line += 1
                    lineStart = position
                }
                out.append(byte)
            }
            throw CSVError(
                problem: "a quote is opened but never closed", line: start.line,
                column: column(at: start.position, lineStart: start.lineStart))
        }

        private func text(_ bytes: ArraySlice<UInt8>, line: Int, _ start: Int, _ lineStart: Int) throws(CSVError)
            -> String
        {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CSVError(
                    problem: TextEncoding.problem(notUTF8: bytes), line: line,
                    column: column(at: start, lineStart: lineStart))
            }
            return text
        }
    }
}

/// A row with more or fewer cells than the header.
struct UnevenRow {
    let cells: Int
    private let columns: Int
    private let format: CSVFormat

    init(_ cells: Int, _ columns: Int, _ format: CSVFormat) {
        self.cells = cells
        self.columns = columns
        self.format = format
    }

    var problem: String { "\(cells == 1 ? "1 cell" : "\(cells) cells") \(rest)" }
    /// The same for several rows, after their number.
    var tail: String { " have \(problem)" }

    private var rest: String {
        let hint =
            cells > columns && format.separator == .comma
            ? "; this may be a decimal comma or an unquoted comma in text" : ""
        return "where the header has \(columns)\(hint)"
    }

    /// The place of the first surplus cell, or of the last cell.
    func place(line: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        CSVReader.place(line: line, cell: cells > columns ? columns : max(0, cells - 1), in: bytes, format: format)
    }
}

extension TableFaults {
    /// - Parameter song: the id in the row, empty if it has none.
    mutating func add(_ row: UnevenRow, song: String, line: Int, in bytes: [UInt8]) {
        let head = song.isEmpty ? "" : "song \(Excerpt.text(song)): "
        addRow(of: row.cells, head + row.problem, example: row.tail, line: line, at: row.place(line: line, in: bytes))
    }
}
