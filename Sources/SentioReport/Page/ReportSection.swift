/// A section of a report with a heading.
struct ReportSection {
    /// Fragment identifier: `#scores`.
    let name: String
    let title: String
    let content: String

    var html: String { "<section id=\"\(name)\"><h2>\(Markup.escaped(title))</h2>\(content)</section>" }
}
