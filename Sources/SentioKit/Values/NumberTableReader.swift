/// All faults that keep a text from being a table of numbers, with their lines.
public struct NumberTableError: Error, Sendable, Equatable, CustomStringConvertible {
    /// In the order of the table.
    public let faults: TableFaults
    /// Whether the header is at fault. The rows were then not checked.
    public let isHeader: Bool

    init(_ faults: TableFaults, isHeader: Bool = false) {
        self.faults = faults
        self.isHeader = isHeader
    }

    /// A fault because of which there is no table.
    public init(_ error: CSVError) { self.init(TableFaults(error), isHeader: true) }

    /// The first ten faults in one sentence.
    public var description: String {
        let (shown, more) = faults.lines()
        return shown.map { "line \($0.line): \($0.problem)" }.joined(separator: "; ")
            + (more > 0 ? "; and \(more) more" : "")
    }
}

/// Reads CSV whose columns, except that of the song ids, contain numbers as `NumberCell` reads them. An empty cell and
/// `NaN` are missing values. Cells are parsed in place, without a string for each.
public enum NumberTableReader {
    /// Limit on the numbers in a table: 2 GB of them.
    static let maximumValues = 250_000_000

    /// Reads the table, or all that is wrong with it.
    /// - Parameters:
    ///   - idColumn: name of the column of song ids.
    ///   - problem: what is wrong with a song id, as the end of a sentence; nil if it is valid.
    ///   - isKept: whether to read a column; the others may contain anything.
    /// - Throws: `NumberTableError` with every invalid cell, every row with more or fewer cells than the header, every
    ///   song id that is missing or repeated; or with the faults of the header; or with what `CSVReader` refuses.
    public static func read(
        _ bytes: [UInt8], format: CSVFormat = .plain, naming idColumn: String = "song_id",
        checking problem: (String) -> String? = { _ in nil }, keeping isKept: (String) -> Bool = { _ in true }
    ) throws(NumberTableError) -> NumberTable {
        let header = try columns(bytes, format: format, naming: idColumn, withID: true)
        guard let idCell = header.firstIndex(of: idColumn) else {
            preconditionFailure("A header without a column of song ids was refused.")
        }
        let kept = header.indices.filter { $0 != idCell && isKept(header[$0]) }
        guard !kept.isEmpty else {
            throw NumberTableError(
                CSVError(problem: "the table has no column of numbers besides `\(idColumn)`", line: 1))
        }
        return try rows(bytes, format, header, idCell: idCell, kept: kept, checking: problem)
    }

    /// The names of all columns except that of the song ids.
    /// - Throws: `NumberTableError` for an invalid header.
    public static func columns(
        _ bytes: [UInt8], format: CSVFormat = .plain, naming idColumn: String = "song_id"
    ) throws(NumberTableError) -> [String] {
        try columns(bytes, format: format, naming: idColumn, withID: false)
    }

    private static func columns(
        _ bytes: [UInt8], format: CSVFormat, naming idColumn: String, withID: Bool
    ) throws(NumberTableError) -> [String] {
        let header: (cells: [String], line: Int)
        do throws(CSVError) {
            var reader = CSVReader.Reader(bytes: bytes, format: format)
            header = try CSVReader.header(&reader)
        } catch { throw NumberTableError(error) }
        let columns = header.cells
        if columns.allSatisfy({ NumberCell.present($0) != nil }) {
            let problem = "the first line holds numbers; it must name the columns, `\(idColumn)` first"
            throw NumberTableError(CSVError(problem: problem, line: header.line))
        }
        var faults = TableFaults()
        if !columns.contains(idColumn) {
            let shown = columns.prefix(8).map(Excerpt.text).joined(separator: ", ") + (columns.count > 8 ? "…" : "")
            faults.add("there is no column `\(idColumn)`; the table has \(shown)", line: header.line, at: nil)
        }
        if let problem = CSVReader.unnamed(columns), let cell = columns.firstIndex(of: "") {
            faults.add(
                problem, line: header.line,
                at: CSVReader.place(line: header.line, cell: cell, in: bytes, format: format))
        }
        for fault in CSVReader.headerFaults(header, in: bytes, format) { faults.add(fault) }
        guard faults.isEmpty else { throw NumberTableError(faults, isHeader: true) }
        return withID ? columns : columns.filter { $0 != idColumn }
    }

    private static func rows(
        _ bytes: [UInt8], _ format: CSVFormat, _ header: [String], idCell: Int, kept: [Int],
        checking problem: (String) -> String?
    ) throws(NumberTableError) -> NumberTable {
        var isKept = header.map { _ in false }
        for cell in kept { isKept[cell] = true }
        var values: [Double] = [], ids: [String] = [], lines: [Int] = [], seen: [String: Int] = [:]
        var faults = TableFaults(), reader = CSVReader.Reader(bytes: bytes, format: format)
        func place(_ line: Int, _ cell: Int) -> (line: Int, column: Int) {
            CSVReader.place(line: line, cell: cell, in: bytes, format: format)
        }
        do throws(CSVError) {
            _ = try reader.row()
            while reader.hasRow() {
                let line = reader.line
                var id = "", bad: [(cell: Int, text: String)] = [], cell = 0
                repeat {
                    if cell == idCell {
                        id = try reader.cell()
                    } else if cell >= header.count || !isKept[cell] {
                        try reader.skipCell()
                    } else if let number = try reader.number() {
                        values.append(number)
                    } else {
                        bad.append((cell, try reader.cell()))
                        values.append(.nan)
                    }
                    cell += 1
                } while reader.nextCell()
                faults.rows += 1
                guard cell == header.count else {
                    values.removeLast(values.count - ids.count * kept.count)
                    faults.add(UnevenRow(cell, header.count, format), song: id, line: line, in: bytes)
                    continue
                }
                let song = id.isEmpty ? "" : "song \(Excerpt.text(id)): "
                for (cell, text) in bad {
                    let fault = NumberCell.reason(text, canBeMissing: true), name = header[cell]
                    faults.add(
                        fault.kind, of: name, "\(song)\(name) is \(fault.text)", example: fault.example, line: line,
                        at: place(line, cell))
                }
                if id.isEmpty {
                    faults.add("the \(header[idCell]) is empty", line: line, at: place(line, idCell))
                } else if let problem = problem(id) {
                    faults.add(problem, line: line, at: place(line, idCell))
                } else if let first = seen[id] {
                    faults.add(
                        "song \(Excerpt.text(id)) is listed a second time (first in line \(first))",
                        line: line,
                        at: place(line, idCell))
                } else {
                    seen[id] = line
                }
                ids.append(id)
                lines.append(line)
                guard values.count <= maximumValues else {
                    throw CSVError(problem: "more than \(maximumValues) numbers", line: line)
                }
            }
        } catch { faults.add(error) }
        guard faults.isEmpty else { throw NumberTableError(faults) }
        return NumberTable(columns: kept.map { header[$0] }, ids: ids, values: values, lines: lines)
    }
}

extension CSVReader.Reader {
    /// Reads the next cell as a finite number, NaN for a missing value. nil for anything else; the cell is then still
    /// to be read.
    mutating func number() throws(CSVError) -> Double? {
        let start = (position, line, lineStart)
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            if let number = NumberCell.read(try cell()) { return number }
            (position, line, lineStart) = start
            return nil
        }
        let number = NumberCell.read(unquotedCell())
        if number == nil { position = start.0 }
        return number
    }

    /// Skips a cell.
    mutating func skipCell() throws(CSVError) {
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { _ = try cell() } else { _ = unquotedCell() }
    }
}
