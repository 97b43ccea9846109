/// A table of plain texts for a page.
struct HTMLTable {
    let columns: [String]
    /// Columns of numbers.
    let numbers: Set<Int>
    var rows: [[String]] = []
    /// Rows that stand back: baselines.
    var dimmed: Set<Int> = []
    var caption: String?
    var isSortable = false
    /// Cells that are markup already, by column.
    var markup: Set<Int> = []

    init(_ columns: [String], numbers: Set<Int> = [], caption: String? = nil) {
        self.columns = columns
        self.numbers = numbers
        self.caption = caption
    }

    var html: String {
        if rows.isEmpty { return "" }
        let style = { (column: Int) in numbers.contains(column) ? " class=\"n\"" : "" }
        let head = columns.enumerated().map { "<th scope=\"col\"\(style($0))>\(Markup.escaped($1))</th>" }.joined()
        let body = rows.enumerated().map { index, row in
            let cells = row.enumerated().map { "<td\(style($0))>\(markup.contains($0) ? $1 : Markup.escaped($1))</td>" }.joined()
            return "<tr\(dimmed.contains(index) ? " class=\"base\"" : "")>\(cells)</tr>"
        }
        let title = caption.map { "<caption>\(Markup.escaped($0))</caption>" } ?? ""
        return
            "<div class=\"wide\"><table\(isSortable ? " data-sortable" : "")>\(title)<thead><tr>\(head)</tr></thead><tbody>\(body.joined(separator: "\n"))</tbody></table></div>"
    }
}
