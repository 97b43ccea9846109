/// Builds one SVG element from shapes. The y axis points down. Colors are CSS classes of `ReportStyle`, so that light
/// mode, dark mode and print each have their own.
struct Drawing {
    let width: Double
    let height: Double
    private var body = ""

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    enum Anchor: String { case start, middle, end }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
        body += "<line class=\"\(style)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>"
    }

    /// - Parameter hint: tooltip, also read by screen readers.
    mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String, hint: String? = nil) {
        body += "<circle class=\"\(style)\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\"" + closing("circle", hint)
    }

    mutating func rectangle(
        _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, radius: Double = 0,
        hint: String? = nil
    ) {
        let round = radius > 0 ? " rx=\"\(n(radius))\"" : ""
        body +=
            "<rect class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(max(0, width)))\" "
            + "height=\"\(n(max(0, height)))\"\(round)"
            + closing("rect", hint)
    }

    mutating func path(_ points: [(x: Double, y: Double)], _ style: String) {
        guard let first = points.first else { return }
        body += "<path class=\"\(style)\" d=\"M\(n(first.x)) \(n(first.y))"
        for point in points.dropFirst() { body += "L\(n(point.x)) \(n(point.y))" }
        body += "\"/>"
    }

    /// A line downward through points: straight where x is constant, otherwise S-shaped.
    mutating func route(_ points: [(x: Double, y: Double)], _ style: String) {
        guard let first = points.first else { return }
        body += "<path class=\"\(style)\" d=\"M\(n(first.x)) \(n(first.y))"
        for (from, to) in zip(points, points.dropFirst()) {
            let middle = 0.5 * (from.y + to.y)
            body +=
                from.x == to.x
                ? "L\(n(to.x)) \(n(to.y))" : "C\(n(from.x)) \(n(middle)) \(n(to.x)) \(n(middle)) \(n(to.x)) \(n(to.y))"
        }
        body += "\"/>"
    }

    mutating func text(
        _ x: Double, _ y: Double, _ text: String, _ style: String = "label", anchor: Anchor = .middle,
        turned: Bool = false
    ) {
        let turn = turned ? " transform=\"rotate(-90 \(n(x)) \(n(y)))\"" : ""
        body +=
            "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" "
            + "text-anchor=\"\(anchor.rawValue)\"\(turn)>\(Markup.escaped(text))</text>"
    }

    /// The element.
    /// - Parameters:
    ///   - title: the finding.
    ///   - description: what is drawn, for screen readers.
    ///   - name: unique on the page.
    ///   - keepsSize: whether to keep one unit per pixel and to scroll on narrow screens instead of shrinking.
    func svg(title: String, description: String, name: String, keepsSize: Bool = false) -> String {
        "<svg role=\"img\"\(keepsSize ? " class=\"kept\" width=\"\(n(width))\"" : "") viewBox=\"0 0 \(n(width)) "
            + "\(n(height))\" aria-labelledby=\"\(name)-t \(name)-d\">"
            + "<title id=\"\(name)-t\">\(Markup.escaped(title))</title><desc "
            + "id=\"\(name)-d\">\(Markup.escaped(description))</desc>\(body)</svg>"
    }

    private func closing(_ element: String, _ hint: String?) -> String {
        hint.map { "><title>\(Markup.escaped($0))</title></\(element)>" } ?? "/>"
    }

    /// A coordinate, rounded to 0.1 units.
    private func n(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let text = Numerals.fixed(max(-99_999, min(99_999, value)), 1).replacing(",", with: "")
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
