/// A finished chart: a figure whose caption states its finding.
struct Chart: Sendable, Equatable {
    /// The finding, as a sentence.
    let title: String
    let svg: String
    /// Lines below the figure: what colors mean, what is omitted.
    var legend: [Entry] = []
    /// Whether it spans two rows of the grid.
    var isTall = false

    struct Entry: Sendable, Equatable {
        /// CSS class of the mark in the drawing; empty for plain text.
        let style: String
        let text: String
    }

    var html: String {
        let entries = legend.map { entry in
            entry.style.isEmpty
                ? "<span>\(Markup.escaped(entry.text))</span>"
                : "<span><svg class=\"key\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><circle "
                    + "class=\"\(entry.style)\" cx=\"6\" cy=\"6\" r=\"5\"/></svg>\(Markup.escaped(entry.text))</span>"
        }
        let list = entries.isEmpty ? "" : "<p class=\"legend\">\(entries.joined())</p>"
        return
            "<figure\(isTall ? " class=\"tall\"" : "")>"
            + "<figcaption>\(Markup.escaped(title))</figcaption>\(svg)\(list)</figure>"
    }
}
