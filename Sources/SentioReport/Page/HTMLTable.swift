/// A table of plain text as HTML.
struct HTMLTable {
    /// Column titles. If all are empty, the table has no header row.
    let columns: [String]
    /// Indices of numeric columns.
    let numbers: Set<Int>
    var rows: [[String]] = []
    /// Indices of rows in a dimmed style: baselines.
    var dimmed: Set<Int> = []
    var caption: String?
    var isSortable = false
    /// Columns whose cells are already markup.
    var markup: Set<Int> = []
    /// Titles that span adjacent columns, starting at the first column; empty for columns without one.
    var groups: [(title: String, span: Int)] = []
    /// Whether the first column contains row headers, which do not wrap.
    var namesRows = false

    /// Longer names may be truncated on a phone; their tooltip shows the whole name.
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
        // The caption stays visible while a wide table is scrolled sideways.
        let title = caption.map { "<caption><span>\(Markup.escaped($0))</span></caption>" } ?? ""
        let style = namesRows ? " class=\"named\"" : ""
        return
            "<div class=\"wide\"><table\(style)\(isSortable ? " data-sortable" : "")>\(title)\(head)<tbody>"
            + body.joined(separator: "\n") + "</tbody></table></div>"
    }

    private func style(_ column: Int) -> String { numbers.contains(column) ? " class=\"n\"" : "" }

    private func cell(_ text: String, column: Int) -> String {
        // `0.12 [-0.1, 0.3]` may wrap before its interval but not inside.
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
            // Screen readers read it with its group.
            let spoken = group.isEmpty ? "" : " aria-label=\"\(Markup.escaped("\(group) \(title)"))\""
            return "<th scope=\"col\"\(style(index))\(spoken)>\(Markup.escaped(title))</th>"
        }
        return "<thead>\(above.isEmpty ? "" : "<tr>\(above)</tr>")<tr>\(titles.joined())</tr></thead>"
    }
}
