import SentioKit
import SentioRunStore

/// A table for a paper or a web page: Markdown, or LaTeX with booktabs rules.
struct PrintedTable {
    let columns: [String]
    let rows: [[Value]]
    /// Decimal places of numbers that are not integers.
    let digits: Int

    /// Whether each column contains only numbers and is right-aligned.
    private var isRight: [Bool] {
        columns.indices.map { column in
            rows.contains { $0[column].double != nil }
                && rows.allSatisfy { $0[column].double != nil || $0[column] == .null }
        }
    }

    private func cell(_ value: Value) -> String {
        guard let number = value.double else { return value == .null ? "" : value.text }
        if let whole = Int(exactly: number) { return "\(whole)" }
        return number.isFinite ? Words.fixed(number, digits) : "\(number)"
    }

    var markdown: String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        let head = line(columns.map(Self.markdown)) + "|" + isRight.map { $0 ? " ---: |" : " --- |" }.joined() + "\n"
        return head + rows.map { row in line(row.map { Self.markdown(cell($0)) }) }.joined()
    }

    var latex: String {
        func line(_ cells: [String]) -> String { "  " + cells.joined(separator: " & ") + " \\\\\n" }
        return "% \\usepackage{booktabs}\n\\begin{tabular}{\(isRight.map { $0 ? "r" : "l" }.joined())}\n  \\toprule\n"
            + line(columns.map(Self.latex)) + "  \\midrule\n"
            + rows.map { row in line(row.map { Self.latex(number: $0, cell($0)) }) }.joined()
            + "  \\bottomrule\n\\end{tabular}\n"
    }

    private static func latex(number value: Value, _ cell: String) -> String {
        // In text mode LaTeX prints a hyphen, not a minus sign.
        value.double != nil && cell.hasPrefix("-") ? "$-$" + cell.dropFirst() : latex(cell)
    }

    /// Escapes text for LaTeX.
    static func latex(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\textbackslash{}"
            case "~": "\\textasciitilde{}"
            case "^": "\\textasciicircum{}"
            case "<": "\\textless{}"
            case ">": "\\textgreater{}"
            case "|": "\\textbar{}"
            case "\"": "\\textquotedbl{}"
            case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
            case "\n", "\r", "\r\n", "\t": " "
            default: String(character)
            }
        }.joined()
    }

    /// Escapes text for a Markdown table cell.
    static func markdown(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\n", "\r", "\r\n", "\t": " "
            case "\\", "|", "*", "_", "`", "<", "[", "]": "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}
