import SentioKit

/// A user's CSV file, read as far as possible, with all its problems.
struct TableFile {
    let path: String
    /// The rows that have as many cells as the header; no columns if no header can be read.
    let table: Table
    let format: CSVFormat
    let faults: TableFaults
    let headerLine: Int
    private let bytes: [UInt8]

    /// - parameter names: names that its columns may have.
    init(_ bytes: [UInt8], path: String, names: ColumnNames = ColumnNames()) {
        self.path = path
        self.bytes = bytes
        do {
            let format = try CSVFormat(of: bytes, naming: names[ColumnNames.song])
            let column = names.song(among: CSVReader.columns(bytes, format: format))
            let survey = CSVReader.survey(bytes, format: format, naming: column)
            self.format = format
            headerLine = survey.headerLine
            let columns = survey.table.columns
            if !columns.isEmpty, !columns.contains(column), columns.allSatisfy({ NumberCell.present($0) != nil }) {
                let problem = "the first line holds numbers; it must name the columns, `\(column)` first"
                table = Table(columns: [], rows: [])
                faults = TableFaults(CSVError(problem: problem, line: headerLine))
            } else {
                (table, faults) = (survey.table, survey.faults)
            }
        } catch {
            format = .plain
            table = Table(columns: [], rows: [])
            faults = TableFaults(error)
            headerLine = 1
        }
    }

    /// Line and column of a cell.
    func place(row: Int, column: Int) -> (line: Int, column: Int) {
        CSVReader.place(line: table.lines[row], cell: column, in: bytes, format: format)
    }

    /// The place of a column's name.
    func place(ofHeader column: Int) -> (line: Int, column: Int) {
        CSVReader.place(line: headerLine, cell: column, in: bytes, format: format)
    }

    /// Logs the detected separator if it is not the comma.
    func noteFormat(_ log: (String) -> Void) { format.note(path, log) }
}

extension CSVFormat {
    /// Logs the detected separator if it is not the comma.
    func note(_ path: String, _ log: (String) -> Void) {
        if separator != .comma { log("\(path): the columns are separated by \(separator.name).") }
    }
}
