/// A table of plain texts for a page.
struct HTMLTable {
    /// Titles; all empty: a table of names and values, without a heading row.
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
    /// Titles above neighbouring columns, from the first column on; empty above those without one.
    var groups: [(title: String, span: Int)] = []
    /// Whether the first column names the rows and stays on one line.
    var namesRows = false

    /// Longer names may be cut on a phone; a pointer that rests on one shows it whole.
    private static let longName = 22

    init(_ columns: [String], numbers: Set<Int> = [], caption: String? = nil) {
        self.columns = columns
        self.numbers = numbers
        self.caption = caption
    }

    var html: String {
        if rows.isEmpty { return "" }
        let body = rows.enumerated().map { index, row in
            let cells = row.enumerated().map { cell($1, column: $0) }.joined()
            return "<tr\(dimmed.contains(index) ? " class=\"base\"" : "")>\(cells)</tr>"
        }
        // The caption stays in sight while a wide table is scrolled aside.
        let title = caption.map { "<caption><span>\(Markup.escaped($0))</span></caption>" } ?? ""
        let style = namesRows ? " class=\"named\"" : ""
        return
            "<div class=\"wide\"><table\(style)\(isSortable ? " data-sortable" : "")>\(title)\(head)<tbody>"
            + body.joined(separator: "\n") + "</tbody></table></div>"
    }

    private func style(_ column: Int) -> String { numbers.contains(column) ? " class=\"n\"" : "" }

    private func cell(_ text: String, column: Int) -> String {
        // `0.12 [-0.1, 0.3]` may break before its interval, not inside.
        let unbroken = numbers.contains(column) ? text.replacing(", ", with: ",\u{A0}") : text
        let content = markup.contains(column) ? text : Markup.escaped(unbroken)
        guard namesRows, column == 0 else { return "<td\(style(column))>\(content)</td>" }
        let whole = text.count > Self.longName && !markup.contains(0) ? " title=\"\(content)\"" : ""
        return "<th scope=\"row\"\(whole)>\(content)</th>"
    }

    private var head: String {
        guard columns.contains(where: { !$0.isEmpty }) else { return "" }
        var above = "", covering: [String] = []
        for group in groups {
            covering += [String](repeating: group.title, count: group.span)
            above +=
                group.title.isEmpty
                ? "<td colspan=\"\(group.span)\"></td>"
                : "<th scope=\"colgroup\" class=\"over\" colspan=\"\(group.span)\">\(Markup.escaped(group.title))</th>"
        }
        let titles = columns.enumerated().map { index, title in
            let group = index < covering.count ? covering[index] : ""
            // Read aloud with the title above it.
            let spoken = group.isEmpty ? "" : " aria-label=\"\(Markup.escaped("\(group) \(title)"))\""
            return "<th scope=\"col\"\(style(index))\(spoken)>\(Markup.escaped(title))</th>"
        }
        return "<thead>\(above.isEmpty ? "" : "<tr>\(above)</tr>")<tr>\(titles.joined())</tr></thead>"
    }
}
