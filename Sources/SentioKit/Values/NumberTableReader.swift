import Foundation

/// Everything that keeps a text from being a table of numbers, with lines.
public struct NumberTableError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The first problems, in the order of the file.
    public internal(set) var problems: [CSVError]
    /// How many there are in all.
    public internal(set) var count: Int

    /// The most problems that are kept with their words.
    static let kept = 10

    init() { (problems, count) = ([], 0) }

    init(_ error: CSVError) { (problems, count) = ([error], 1) }

    mutating func add(_ problem: String, line: Int) {
        count += 1
        if problems.count < Self.kept { problems.append(CSVError(problem: problem, line: line)) }
    }

    public var description: String { text { "line \($0)" } }

    /// All problems in one sentence.
    /// - parameter place: what a line is called: `features.csv:12`.
    public func text(place: (Int) -> String) -> String {
        problems.map { "\(place($0.line)): \($0.problem)" }.joined(separator: "; ")
            + (count > problems.count ? "; and \(count - problems.count) more" : "")
    }
}

/// Reads CSV whose columns, all but `song_id`, hold numbers. An empty cell and `NaN` are missing values. Cells are parsed
/// where they lie, without a text for each.
public enum NumberTableReader {
    /// The most numbers a table may hold: 2 GB of them.
    public static let maximumValues = 250_000_000

    /// - parameter isKept: whether a column is wanted; others may hold anything.
    /// - throws: `NumberTableError` with every bad cell, song that stands in the table twice or has no id; or with the first
    ///   line that has more or fewer cells than the header, and everything else that `CSVReader` refuses.
    public static func read(_ bytes: [UInt8], keeping isKept: (String) -> Bool = { _ in true }) throws(NumberTableError) -> NumberTable {
        do {
            var reader = CSVReader.Reader(bytes: bytes)
            let header = try header(&reader)
            return try rows(&reader, header, isKept: header.map { $0 == idColumn || isKept($0) }).get()
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
    public static func columns(_ bytes: [UInt8]) throws(NumberTableError) -> [String] {
        var reader = CSVReader.Reader(bytes: bytes)
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
            let joined = columns.joined(separator: ",")
            for (mark, name) in [(";", "semicolons"), ("\t", "tabs")] where joined.contains(mark) && joined.contains(idColumn) {
                throw CSVError(problem: "the columns are separated by \(name); save the table with commas", line: 1)
            }
            let looksLikeNumbers = columns.allSatisfy { Double($0) != nil }
            throw CSVError(
                problem: looksLikeNumbers
                    ? "the first line holds numbers; it must name the columns, `song_id` first" : "there is no column `song_id`", line: 1)
        }
        if let empty = columns.firstIndex(of: "") { throw CSVError(problem: "column \(empty + 1) has no name", line: 1) }
        return columns
    }

    private static func rows(
        _ reader: inout CSVReader.Reader, _ header: [String], isKept: [Bool]
    ) throws(CSVError) -> Result<NumberTable, NumberTableError> {
        let idCell = header.firstIndex(of: idColumn)
        let kept = header.indices.filter { isKept[$0] && header[$0] != idColumn }
        guard !kept.isEmpty else { throw CSVError(problem: "there is no column of numbers beside `song_id`", line: 1) }
        var values: [Double] = [], ids: [String] = [], lines: [Int] = [], problems = NumberTableError()
        var seen: [String: Int] = [:]
        while reader.hasRow() {
            let line = reader.line
            var id = "", bad: [(column: Int, text: String)] = []
            var cell = 0
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
            guard cell == header.count, values.count == (ids.count + 1) * kept.count else {
                throw CSVError(problem: "\(cell) cells where the header has \(header.count)", line: line)
            }
            for (column, text) in bad {
                let song = id.isEmpty ? "" : "song \(id.prefix(40)): "
                problems.add("\(song)\(header[column]) is `\(text.prefix(40))`, not a finite number", line: line)
            }
            if id.isEmpty {
                problems.add("the song_id is empty", line: line)
            } else if let first = seen.updateValue(line, forKey: id) {
                problems.add("song \(id.prefix(40)) stands in the table a second time (first in line \(first))", line: line)
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
        let start = position
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            let text = try cell()
            let trimmed = text.utf8.drop { $0 == 0x20 }.reversed().drop { $0 == 0x20 }.reversed()
            if let number = DecimalNumber.read(Array(trimmed)[...]) { return number }
            position = start
            return nil
        }
        let number = DecimalNumber.read(unquotedCell())
        if number == nil { position = start }
        return number
    }

    /// Goes to the end of a cell that nobody wants.
    mutating func skipCell() throws(CSVError) {
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { _ = try cell() } else { _ = unquotedCell() }
    }
}

/// Decimal numbers from bytes.
private enum DecimalNumber {
    /// Powers that a double holds exactly.
    private static let powers: [Double] = (0...22).map { power in (0..<power).reduce(1) { value, _ in value * 10 } }

    /// The number, NaN for nothing and for `nan`, nil for what is not a finite number.
    static func read(_ text: ArraySlice<UInt8>) -> Double? {
        if text.isEmpty { return .nan }
        return text.withUnsafeBufferPointer { exact($0) ?? rounded($0) }
    }

    /// Short numbers: digits and power of ten are both exact, so their product or quotient is rounded once (Clinger 1990).
    private static func exact(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        var index = 0, digits: UInt64 = 0, count = 0, scale = 0
        var isNegative = false, hasPoint = false
        if text[0] == UInt8(ascii: "-") {
            isNegative = true
            index = 1
        }
        while index < text.count {
            let byte = text[index]
            if byte &- 48 < 10 {
                digits = digits &* 10 &+ UInt64(byte &- 48)
                count += 1
                if hasPoint { scale += 1 }
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                return nil
            }
            index += 1
        }
        guard count > 0, count <= 18, digits <= 1 << 53, scale <= 22 else { return nil }
        let value = Double(digits) / powers[scale]
        return isNegative ? -value : value
    }

    private static func rounded(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        // Longer than any double needs; and only decimal notation, not all that the C library knows.
        guard text.count <= 1100 else { return nil }
        if text.count == 3, zip(text, [0x6E, 0x61, 0x6E] as [UInt8]).allSatisfy({ $0 | 0x20 == $1 }) { return .nan }
        guard text.allSatisfy({ $0 &- 48 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }) else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for index in text.indices { copy[index] = CChar(text[index]) }
            copy[text.count] = 0
            guard let start = copy.baseAddress else { return nil }
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(start, &end)
            return end == start + text.count && value.isFinite ? value : nil
        }
    }
}
