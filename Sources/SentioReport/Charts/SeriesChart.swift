import SentioKit

/// Learning curves: lines over steps.
enum SeriesChart {
    struct Line {
        let name: String
        let points: [SeriesPoint]
    }

    /// Points drawn per line. Longer lines are reduced to the minimum and maximum of each section.
    private static let mostPoints = 400

    /// The unit of the x axis.
    struct Steps {
        /// In sentences: `epoch`.
        let word: String
        let axis: String

        init(_ word: String, axis: String? = nil) {
            self.word = word
            self.axis = axis ?? word
        }
    }

    /// Whether higher or lower values are better.
    enum Direction { case up, down }

    /// - Parameters:
    ///   - lines: named by their set; with an empty name if they belong to none.
    ///   - direction: nil: no step is called the best.
    static func chart(
        _ subject: String, measure: String, lines: [Line], steps: Steps, direction: Direction?, name: String
    ) -> Chart? {
        let lines = lines.map { Line(name: $0.name, points: $0.points.filter { $0.value.isFinite }) }.filter {
            !$0.points.isEmpty
        }
        let points = lines.flatMap(\.points)
        guard let low = points.map(\.value).min(), let high = points.map(\.value).max(),
            let first = points.map(\.step).min(),
            let last = points.map(\.step).max()
        else { return nil }
        // Start at 0 if that costs little space: a truncated axis makes a curve look steeper than it is.
        let floor = low > 0 && low < 0.5 * high ? 0 : low
        var plot = Plot(
            x: Axis(steps.axis, covering: Double(first), Double(max(last, first + 1)), count: 6),
            y: Axis(measure, covering: floor, high))
        for (index, line) in lines.prefix(6).enumerated() {
            let drawn = thinned(line.points).map { (x: plot.px(Double($0.step)), y: plot.py($0.value)) }
            plot.drawing.path(drawn, "line l\(index + 1)")
            if drawn.count <= 60 {
                for point in drawn { plot.drawing.circle(point.x, point.y, 2, "dot s\(index + 1)") }
            }
        }
        let title = "\(subject): \(finding(lines, steps: steps, direction: direction))."
        return Chart(
            title: title,
            svg: plot.drawing.svg(
                title: title,
                description: lines.map { "\($0.name.isEmpty ? measure : $0.name) \(course($0, steps))" }.joined(
                    separator: "; ") + ".",
                name: name),
            legend: lines.count == 1 && lines[0].name.isEmpty
                ? []
                : lines.prefix(6).enumerated().map { .init(style: "dot s\($0 + 1)", text: $1.name) }
                    + (lines.count > 6 ? [.init(style: "", text: "\(lines.count - 6) more not shown")] : []))
    }

    /// Only validation songs determine the best step, because training scores improve with overfitting.
    private static func finding(_ lines: [Line], steps: Steps, direction: Direction?) -> String {
        guard let direction, let judged = lines.last(where: { $0.name == "validation" }) else {
            return lines.map { "\($0.name)\($0.name.isEmpty ? "" : " ")\(course($0, steps))" }.joined(separator: ", ")
                + (direction != nil && lines.contains { $0.name == "train" }
                    ? "; without validation songs, the best \(steps.word) is unknown" : "")
        }
        let best =
            judged.points.min { direction == .down ? $0.value < $1.value : $0.value > $1.value } ?? judged.points[0]
        let tail =
            judged.points.last.map { last in
                last.step == best.step
                    ? ", the last"
                    : Numerals.short(last.value) == Numerals.short(best.value)
                        ? " and ends equally good" : "; it ends at \(Numerals.short(last.value))"
            } ?? ""
        return "\(judged.name) is best at \(steps.word) \(best.step) (\(Numerals.short(best.value)))\(tail)"
    }

    private static func course(_ line: Line, _ steps: Steps) -> String {
        let first = line.points[0].value, last = line.points[line.points.count - 1].value
        if line.points.count == 1 { return "is \(Numerals.short(first)) after one \(steps.word)" }
        let low = line.points.min { $0.value < $1.value } ?? line.points[0],
            high = line.points.max { $0.value < $1.value } ?? line.points[0]
        // A curve that does both neither rises nor falls overall.
        let turns =
            low.value < min(first, last) - 0.1 * (high.value - low.value)
            || high.value > max(first, last) + 0.1 * (high.value - low.value)
        let extremes =
            turns
            ? " (lowest \(Numerals.short(low.value)) at \(low.step), highest \(Numerals.short(high.value)) at "
                + "\(high.step))"
            : ""
        let goes = turns || last == first ? "goes" : last > first ? "rises" : "falls"
        return
            "\(goes) from \(Numerals.short(first)) to \(Numerals.short(last)) in "
            + "\(Numerals.count(line.points.count, steps.word))\(extremes)"
    }

    private static func thinned(_ points: [SeriesPoint]) -> [SeriesPoint] {
        guard points.count > mostPoints else { return points }
        let stretch = (2 * points.count + mostPoints - 1) / mostPoints
        return stride(from: 0, to: points.count, by: stretch).flatMap { start in
            let part = points[start..<min(start + stretch, points.count)]
            guard let low = part.min(by: { $0.value < $1.value }), let high = part.max(by: { $0.value < $1.value })
            else {
                return [SeriesPoint]()
            }
            return low.step == high.step ? [low] : low.step < high.step ? [low, high] : [high, low]
        }
    }
}
