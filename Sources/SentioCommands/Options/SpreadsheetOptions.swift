import ArgumentParser
import SentioKit

/// Protection of CSV that is opened in a spreadsheet, which would execute a cell that begins like a formula:
/// `=HYPERLINK(…)` as a song id, a tag or a note.
struct SpreadsheetOptions: ParsableArguments {
    @Flag(
        name: .customLong("safe-csv"),
        help: """
            In CSV, prefix cells that a spreadsheet would execute with an apostrophe: those that begin with = + - @ \
            and are not numbers.
            """
    )
    var safeCSV = false

    func table(_ columns: [String], _ rows: [[Value]]) -> Table {
        let cells = rows.map { $0.map(\.cell) }
        guard safeCSV else { return Table(columns: columns, rows: cells) }
        return Table(columns: columns.map(Self.guarded), rows: cells.map { $0.map(Self.guarded) })
    }

    static func guarded(_ cell: String) -> String {
        // Spreadsheets skip leading spaces and accept the full-width forms of these characters.
        guard let first = cell.unicodeScalars.first(where: { $0 != " " }) else { return cell }
        let signs: [Unicode.Scalar] = [
            "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
        ]
        return signs.contains(first) && !isNumber(cell) ? "'" + cell : cell
    }

    /// Whether the text is a number: digits, sign, decimal point, exponent. `-inf` is a formula.
    private static func isNumber(_ cell: String) -> Bool {
        cell.utf8.contains { (0x30...0x39).contains($0) }
            && cell.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
            && Double(cell) != nil
    }
}
