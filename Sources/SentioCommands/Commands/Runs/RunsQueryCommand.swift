import ArgumentParser
import SentioKit
import SentioRunStore

struct RunsQueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Query the run store with SQL, read-only. docs/run-store.md lists the views.")

    @Argument(help: "One SELECT statement.")
    var sql: String
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    @Flag(name: .long, help: "Print CSV.")
    var csv = false

    @OptionGroup var spreadsheet: SpreadsheetOptions

    @Option(name: .long, help: "Maximum number of rows.")
    var limit = 100_000

    @Option(name: .long, help: "Timeout in seconds.")
    var seconds = 60.0

    func validate() throws {
        if csv, format.json { throw ValidationError("Choose --csv or --json.") }
        if spreadsheet.safeCSV, !csv { throw ValidationError("--safe-csv requires --csv.") }
        guard limit > 0 else { throw ValidationError("--limit must be greater than 0.") }
        guard seconds > 0, seconds < 1e6 else { throw ValidationError("--seconds must be greater than 0.") }
    }

    func run() throws {
        let result: QueryResult
        do { result = try workspace.runStore().query(sql, limit: limit, seconds: seconds) } catch let code as ExitCode {
            throw code
        } catch { throw failed(error) }
        if result.isTruncated { Output.error("note: Only the first \(limit) rows are shown; raise --limit for more.") }
        if format.json {
            let rows = result.rows.map { row in
                Value.map(Dictionary(zip(result.columns, row), uniquingKeysWith: { _, last in last }))
            }
            return Output.json(.list(rows))
        }
        if csv { return Output.data(spreadsheet.table(result.columns, result.rows).csv) }
        // Columns of numbers are right-aligned.
        let right = result.columns.indices.filter { column in
            result.rows.allSatisfy { $0[column].double != nil || $0[column] == .null }
        }
        var table = TextTable(result.columns, right: Set(right))
        table.rows = result.rows.map { $0.map(\.cell) }
        Output.lines(table.lines(width: Terminal.standardOutput().width))
    }
}

extension Value {
    /// The text of a table cell: empty for null, all digits of a number.
    var cell: String { self == .null ? "" : text }
}
