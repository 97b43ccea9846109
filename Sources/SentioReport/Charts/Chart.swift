/// A finished chart: a figure with its finding as caption.
struct Chart: Sendable, Equatable {
    /// What it shows, as a sentence.
    let title: String
    let svg: String
    /// Lines below the picture: what colours mean, what was left out.
    var legend: [Entry] = []
    /// Takes the height of two others beside it.
    var isTall = false

    struct Entry: Sendable, Equatable {
        /// The class of the mark in the drawing; empty for a plain line of text.
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
