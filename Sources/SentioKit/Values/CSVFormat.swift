/// How a table is written: its column separator, and where its header starts.
public struct CSVFormat: Sendable, Equatable {
    /// The character between two cells.
    public enum Separator: UInt8, Sendable, CaseIterable {
        case comma = 0x2C
        case semicolon = 0x3B
        case tab = 0x09

        /// `semicolons`.
        public var name: String {
            switch self {
            case .comma: "commas"
            case .semicolon: "semicolons"
            case .tab: "tabs"
            }
        }
    }

    /// Between two cells.
    public let separator: Separator
    /// Bytes before the header that are not part of the table: Excel's line `sep=;`.
    let preamble: Int

    /// RFC 4180 with commas, the format of all tables that Sentio writes.
    public static let plain = CSVFormat(separator: .comma, preamble: 0)

    private init(separator: Separator, preamble: Int) {
        self.separator = separator
        self.preamble = preamble
    }

    /// Detects the format of a user's table. Semicolons and tabs, which spreadsheets write in many countries, are
    /// chosen if they yield a header with the required column, or if the header contains no other separator.
    /// - Parameter column: the required column.
    /// - Throws: `CSVError` for bytes that are not UTF-8 text, with their encoding and what to do about it.
    public init(of bytes: [UInt8], naming column: String = "song_id") throws(CSVError) {
        if let problem = TextEncoding.problem(bytes) { throw CSVError(problem: "the file \(problem)", line: 1) }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if let (separator, end) = Self.excelLine(bytes, from: start) {
            self.init(separator: separator, preamble: end)
            return
        }
        var found: [Separator] = [], naming: Separator?
        for separator in Separator.allCases {
            var reader = CSVReader.Reader(bytes: bytes, format: CSVFormat(separator: separator, preamble: 0))
            guard let cells = try? reader.row()?.cells else { continue }
            if cells.count > 1 { found.append(separator) }
            if naming == nil, cells.count > 1, cells.contains(column) { naming = separator }
        }
        self.init(separator: naming ?? (found.count == 1 ? found[0] : .comma), preamble: 0)
    }

    /// A first line with only `sep=;`, which Excel writes and honors.
    private static func excelLine(_ bytes: [UInt8], from start: Int) -> (Separator, end: Int)? {
        var line = bytes[start...].prefix { $0 != 0x0A && $0 != 0x0D }
        let end = line.endIndex
        if line.first == UInt8(ascii: "\""), line.last == UInt8(ascii: "\""), line.count == 7 {
            line = line.dropFirst().dropLast()
        }
        guard line.count == 5, line.starts(with: "sep=".utf8), let separator = line.last.flatMap(Separator.init) else {
            return nil
        }
        return (separator, end)
    }
}
