import SentioKit

/// A CSV file of the user's, with the file and the place in every sentence.
struct TableFile {
    let path: String
    let table: Table
    let format: CSVFormat
    private let bytes: [UInt8]

    /// - throws: `StageFailure`.
    init(_ bytes: [UInt8], path: String) throws {
        do {
            format = try CSVFormat(of: bytes)
            table = try CSVReader.read(bytes, format: format)
        } catch {
            throw StageFailure("\(path):\(error.place): \(error.problem).")
        }
        self.path = path
        self.bytes = bytes
    }

    /// `annotations.csv:12:5`, line and column of a cell.
    func place(row: Int, column: Int) -> String {
        let place = CSVReader.place(line: table.lines[row], cell: column, in: bytes, format: format)
        return "\(path):\(place.line):\(place.column)"
    }

    /// Says what was taken for the separator where it is not the comma.
    func noteFormat(_ log: (String) -> Void) { format.note(path, log) }
}

extension CSVFormat {
    /// Says what was taken for the separator where it is not the comma.
    func note(_ path: String, _ log: (String) -> Void) {
        if separator != .comma { log("\(path): the columns are separated by \(separator.name).") }
    }
}
