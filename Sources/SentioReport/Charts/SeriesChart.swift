import SentioKit

/// Lines over steps: learning curves.
enum SeriesChart {
    struct Line {
        let name: String
        let points: [SeriesPoint]
    }

    /// The most points of a line that are drawn; more are thinned to the lowest and highest of each stretch.
    private static let mostPoints = 400

    /// - parameters:
    ///   - steps: what a step is: `epoch`.
    ///   - smallerIsBetter: says which point of the last line is the finding.
    static func chart(_ subject: String, measure: String, lines: [Line], steps: String, smallerIsBetter: Bool, name: String) -> Chart? {
        let lines = lines.map { Line(name: $0.name, points: $0.points.filter { $0.value.isFinite }) }.filter { !$0.points.isEmpty }
        let points = lines.flatMap(\.points)
        guard let low = points.map(\.value).min(), let high = points.map(\.value).max(), let first = points.map(\.step).min(),
            let last = points.map(\.step).max(), let judged = lines.last
        else { return nil }
        // From 0 where that costs little room: a curve cut at its foot looks steeper than it is.
        let floor = low > 0 && low < 0.5 * high ? 0 : low
        var plot = Plot(
            x: Axis(steps, covering: Double(first), Double(max(last, first + 1)), count: 6), y: Axis(measure, covering: floor, high))
        for (index, line) in lines.prefix(6).enumerated() {
            let drawn = thinned(line.points).map { (x: plot.px(Double($0.step)), y: plot.py($0.value)) }
            plot.drawing.path(drawn, "line l\(index + 1)")
            if drawn.count <= 60 { for point in drawn { plot.drawing.circle(point.x, point.y, 2, "dot s\(index + 1)") } }
        }
        let best = judged.points.min { smallerIsBetter ? $0.value < $1.value : $0.value > $1.value } ?? judged.points[0]
        let finding = "\(subject): \(judged.name) is best at \(steps) \(best.step) (\(Numerals.short(best.value)))"
        let tail = judged.points.last.map { $0.step == best.step ? ", the last" : "; it ends at \(Numerals.short($0.value))" } ?? ""
        return Chart(
            title: finding + tail + ".",
            svg: plot.drawing.svg(
                title: finding,
                description: lines.map {
                    "\($0.name) goes from \(Numerals.short($0.points[0].value)) to \(Numerals.short($0.points[$0.points.count - 1].value)) over \($0.points.count) points"
                }.joined(separator: "; ") + ".", name: name),
            legend: lines.prefix(6).enumerated().map { .init(style: "dot s\($0 + 1)", text: $1.name) }
                + (lines.count > 6 ? [.init(style: "", text: "\(lines.count - 6) more not drawn")] : []))
    }

    private static func thinned(_ points: [SeriesPoint]) -> [SeriesPoint] {
        guard points.count > mostPoints else { return points }
        let stretch = (2 * points.count + mostPoints - 1) / mostPoints
        return stride(from: 0, to: points.count, by: stretch).flatMap { start in
            let part = points[start..<min(start + stretch, points.count)]
            guard let low = part.min(by: { $0.value < $1.value }), let high = part.max(by: { $0.value < $1.value }) else {
                return [SeriesPoint]()
            }
            return low.step == high.step ? [low] : low.step < high.step ? [low, high] : [high, low]
        }
    }
}
