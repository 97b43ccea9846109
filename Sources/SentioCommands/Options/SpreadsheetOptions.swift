import ArgumentParser
import SentioKit

/// CSV that people open in a spreadsheet. A cell that begins like a formula would be executed there: `=HYPERLINK(…)` as
/// a song's id, a tag, a note.
struct SpreadsheetOptions: ParsableArguments {
    @Flag(
        name: .customLong("safe-csv"),
        help: """
            In CSV put an apostrophe before cells that a spreadsheet would execute: those that begin with = + - @ \
            and are no number.
            """
    )
    var safeCSV = false

    func table(_ columns: [String], _ rows: [[Value]]) -> Table {
        let cells = rows.map { $0.map(\.cell) }
        guard safeCSV else { return Table(columns: columns, rows: cells) }
        return Table(columns: columns.map(Self.guarded), rows: cells.map { $0.map(Self.guarded) })
    }

    static func guarded(_ cell: String) -> String {
        // A spreadsheet skips spaces, and takes the wide forms of East Asian keyboards for the same signs.
        guard let first = cell.unicodeScalars.first(where: { $0 != " " }) else { return cell }
        let signs: [Unicode.Scalar] = [
            "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
        ]
        return signs.contains(first) && !isNumber(cell) ? "'" + cell : cell
    }

    /// Digits with at most a sign, a point and an exponent; `-inf` is a formula.
    private static func isNumber(_ cell: String) -> Bool {
        cell.utf8.contains { (0x30...0x39).contains($0) }
            && cell.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
            && Double(cell) != nil
    }
}
