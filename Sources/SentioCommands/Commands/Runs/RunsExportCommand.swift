import ArgumentParser
import Foundation
import SentioKit
import SentioRunStore

struct RunsExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Export runs as CSV, JSON, Markdown, LaTeX or an MLflow database.",
        discussion: """
            --table runs has one row per run, with parameters and metrics as columns; metrics, params, series and \
            predictions have one row per value. In Markdown and LaTeX, `runs` has the parameters that differ and the \
            metrics that lists show, or the --columns that you name.

            Open an MLflow database with `mlflow ui --backend-store-uri sqlite:///FILE`. It is written for MLflow \
            \(RunStore.mlflowVersion); later versions upgrade it with `mlflow db upgrade sqlite:///FILE`.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json, markdown, latex, mlflow }

    @Argument(help: "Runs: ids, prefixes of ids, names, or `latest`.")
    var runs: [String] = []
    @OptionGroup var condition: RunFilterOptions

    @Flag(name: .long, help: "Export all runs.")
    var all = false

    @Option(name: .long, help: "Output format: csv, json, markdown, latex or mlflow.")
    var format = Format.csv

    @Option(
        name: .long, help: "Table to export: runs, metrics, params, series or predictions.",
        transform: { text in
            guard let table = ExportedTable(rawValue: text) else {
                throw ValidationError(
                    "There is no table `\(text)`; the tables are "
                        + "\(ExportedTable.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            return table
        })
    var table = ExportedTable.runs

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Columns of --table runs, such as params.ratio,metrics.test.ccc.", valueName: "names"))
    var columns: String?

    @Option(name: .long, help: "Decimal places in Markdown and LaTeX.")
    var digits = 3

    @Option(name: .shortAndLong, help: "Output file; default, or -: standard output.", completion: .file())
    var output: String?
    @OptionGroup var spreadsheet: SpreadsheetOptions
    @OptionGroup var workspace: WorkspaceOptions

    func validate() throws {
        if spreadsheet.safeCSV, format != .csv { throw ValidationError("--safe-csv requires --format csv.") }
        let ways = [!runs.isEmpty, condition.filter != nil, all].count { $0 }
        if ways != 1 { throw ValidationError("Name runs, or use --filter or --all.") }
        if format == .mlflow, output ?? "-" == "-" {
            throw ValidationError("--format mlflow requires an output file: -o mlflow.db.")
        }
        if format == .mlflow, table != .runs || columns != nil {
            throw ValidationError("--format mlflow exports whole runs; omit --table and --columns.")
        }
        if columns != nil, table != .runs { throw ValidationError("--columns requires --table runs.") }
        guard (0...12).contains(digits) else { throw ValidationError("--digits must be a number from 0 to 12.") }
    }

    func run() throws {
        let filter = try condition.parsed(), chosen: [RunColumn]?
        do {
            chosen = try columns.map {
                try $0.split(separator: ",").map { try RunColumn($0.trimmingCharacters(in: .whitespaces)) }
            }
        } catch { throw ValidationError("--columns: \(error)") }
        do {
            let store = try workspace.runStore()
            let ids =
                runs.isEmpty ? try store.runs(filter: filter).map(\.id) : try runs.map { try store.run(matching: $0) }
            if format == .mlflow, let output {
                let counts = try store.exportMLflow(ids, to: output)
                if counts.truncated > 0 {
                    Output.error("note: \(Words.count(counts.truncated, "text")) truncated to MLflow's length limits.")
                }
                return Output.line(
                    "exported \(Words.count(counts.runs, "run")) with "
                        + "\(Words.count(counts.metrics, "metric value")) to \(output)")
            }
            let printed = format == .markdown || format == .latex
            let result = try store.table(
                table, of: ids,
                columns: printed && table == .runs && chosen == nil ? try defaultColumns(ids, store) : chosen)
            try write(text(result))
        } catch let code as ExitCode { throw code } catch { throw failed(error) }
    }

    /// The parameters that differ between the runs, and the metrics that lists show.
    private func defaultColumns(_ ids: [String], _ store: RunStore) throws -> [RunColumn] {
        var seen: [String: Set<String>] = [:], names: [String] = [], metrics: [String] = []
        let parameters = try store.table(.params, of: ids)
        for row in parameters.rows {
            guard row[1] == .null, let name = row[2].string else { continue }
            if seen[name] == nil { names.append(name) }
            seen[name, default: []].insert(row[3].text)
        }
        for run in try ids.map({ try store.details($0).summary }) {
            for metric in run.headline where !metrics.contains(metric.name) { metrics.append(metric.name) }
        }
        let differing = names.filter { (seen[$0] ?? []).count > 1 }.map { "params." + $0 }
        return try (differing + metrics.prefix(6).map { "metrics." + $0 }).map { try RunColumn($0) }
    }

    private func text(_ result: QueryResult) -> String {
        switch format {
        case .csv: return spreadsheet.table(result.columns, result.rows).csv
        case .markdown: return PrintedTable(columns: result.columns, rows: result.rows, digits: digits).markdown
        case .latex: return PrintedTable(columns: result.columns, rows: result.rows, digits: digits).latex
        case .json, .mlflow:
            let rows = result.rows.map { row in
                Value.map(Dictionary(zip(result.columns, row), uniquingKeysWith: { _, last in last }))
            }
            return JSON.text(["schema": 1, "table": .string(table.rawValue), "rows": .list(rows)]) + "\n"
        }
    }

    private func write(_ text: String) throws {
        guard let output, output != "-" else { return Output.data(text) }
        try Output.file(text, at: output, saying: "\(output) written")
    }
}
