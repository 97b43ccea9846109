/// Everything that keeps a text from being a table of numbers, with lines.
public struct NumberTableError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The first problems, in the order of the file.
    public internal(set) var problems: [CSVError]
    /// How many there are in all.
    public internal(set) var count: Int

    /// The most problems that are kept with their words.
    static let kept = 10

    init() { (problems, count) = ([], 0) }

    public init(_ error: CSVError) { (problems, count) = ([error], 1) }

    mutating func add(_ problem: @autoclosure () -> String, line: Int, column: Int? = nil) {
        count += 1
        if problems.count < Self.kept { problems.append(CSVError(problem: problem(), line: line, column: column)) }
    }

    public var description: String { text { "line \($0.line)" } }

    /// All problems in one sentence.
    /// - parameter place: what the place of one is called: `features.csv:12:5`.
    public func text(place: (CSVError) -> String) -> String {
        problems.map { "\(place($0)): \($0.problem)" }.joined(separator: "; ")
            + (count > problems.count ? "; and \(count - problems.count) more" : "")
    }
}

/// Reads CSV whose columns, all but `song_id`, hold numbers as `NumberCell` reads them. An empty cell and `NaN` are missing
/// values. Cells are parsed where they lie, without a text for each.
public enum NumberTableReader {
    /// The most numbers a table may hold: 2 GB of them.
    public static let maximumValues = 250_000_000

    /// - parameter isKept: whether a column is wanted; others may hold anything.
    /// - throws: `NumberTableError` with every bad cell, song that stands in the table twice or has no id; or with the first
    ///   line that has more or fewer cells than the header, and everything else that `CSVReader` refuses.
    public static func read(
        _ bytes: [UInt8], format: CSVFormat = .plain, keeping isKept: (String) -> Bool = { _ in true }
    ) throws(NumberTableError) -> NumberTable {
        do {
            var reader = CSVReader.Reader(bytes: bytes, format: format)
            let header = try header(&reader)
            return try rows(&reader, header, isKept: header.map { $0 == idColumn || isKept($0) }, format).get()
        } catch let error as NumberTableError {
            throw error
        } catch let error as CSVError {
            throw NumberTableError(error)
        } catch {
            preconditionFailure("A reader of tables throws its own errors only.")
        }
    }

    /// The names of all columns but `song_id`.
    /// - throws: `NumberTableError` for a first line that cannot be one.
    public static func columns(_ bytes: [UInt8], format: CSVFormat = .plain) throws(NumberTableError) -> [String] {
        var reader = CSVReader.Reader(bytes: bytes, format: format)
        do {
            return try header(&reader).filter { $0 != idColumn }
        } catch {
            throw NumberTableError(error)
        }
    }

    private static let idColumn = "song_id"

    private static func header(_ reader: inout CSVReader.Reader) throws(CSVError) -> [String] {
        let columns = try CSVReader.header(&reader).cells
        guard columns.contains(idColumn) else {
            let looksLikeNumbers = columns.allSatisfy { NumberCell.present($0) != nil }
            let shown = columns.prefix(8).map(Excerpt.text).joined(separator: ", ") + (columns.count > 8 ? "…" : "")
            throw CSVError(
                problem: looksLikeNumbers
                    ? "the first line holds numbers; it must name the columns, `song_id` first"
                    : "there is no column `song_id`; the table has \(shown)", line: 1)
        }
        if let empty = columns.firstIndex(of: "") { throw CSVError(problem: "column \(empty + 1) has no name", line: 1) }
        return columns
    }

    private static func rows(
        _ reader: inout CSVReader.Reader, _ header: [String], isKept: [Bool], _ format: CSVFormat
    ) throws(CSVError) -> Result<NumberTable, NumberTableError> {
        let idCell = header.firstIndex(of: idColumn)
        let kept = header.indices.filter { isKept[$0] && header[$0] != idColumn }
        guard !kept.isEmpty else { throw CSVError(problem: "there is no column of numbers beside `song_id`", line: 1) }
        var values: [Double] = [], ids: [String] = [], lines: [Int] = [], problems = NumberTableError()
        var seen: [String: Int] = [:]
        while reader.hasRow() {
            let line = reader.line
            var id = "", bad: [(cell: Int, text: String, line: Int, column: Int)] = []
            var cell = 0
            repeat {
                if cell == idCell {
                    id = try reader.cell()
                } else if cell >= header.count || !isKept[cell] {
                    try reader.skipCell()
                } else if let number = try reader.number() {
                    values.append(number)
                } else {
                    reader.skipSpace()
                    let place = (line: reader.line, column: problems.count < NumberTableError.kept ? reader.column : 0)
                    bad.append((cell, try reader.cell(), place.line, place.column))
                    values.append(.nan)
                }
                cell += 1
            } while reader.nextCell()
            guard cell == header.count, values.count == (ids.count + 1) * kept.count else {
                throw CSVError(problem: CSVReader.uneven(cell, header.count, format), line: line)
            }
            for (cell, text, line, column) in bad {
                let song = id.isEmpty ? "" : "song \(Excerpt.text(id)): "
                problems.add("\(song)\(header[cell]) is \(NumberCell.fault(text, canBeMissing: true))", line: line, column: column)
            }
            if id.isEmpty {
                problems.add("the song_id is empty", line: line)
            } else if let first = seen.updateValue(line, forKey: id) {
                problems.add("song \(Excerpt.text(id)) stands in the table a second time (first in line \(first))", line: line)
            }
            guard values.count <= maximumValues else { throw CSVError(problem: "more than \(maximumValues) numbers", line: line) }
            ids.append(id)
            lines.append(line)
        }
        guard problems.count == 0 else { return .failure(problems) }
        return .success(NumberTable(columns: kept.map { header[$0] }, ids: ids, values: values, lines: lines))
    }
}

extension CSVReader.Reader {
    /// The next cell as a finite number, NaN where it is empty or says so. For anything else nil, and the cell is still
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

    /// Goes to the end of a cell that nobody wants.
    mutating func skipCell() throws(CSVError) {
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { _ = try cell() } else { _ = unquotedCell() }
    }
}
