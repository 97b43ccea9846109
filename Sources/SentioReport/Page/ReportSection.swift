/// A part of a report with a heading of its own; nothing is shown of one without content.
struct ReportSection {
    /// In the address: `#scores`.
    let name: String
    let title: String
    let content: String

    var html: String { "<section id=\"\(name)\"><h2>\(Markup.escaped(title))</h2>\(content)</section>" }
}
