import SentioBase
import SentioLearn

/// Scores with their intervals, one per row, and reference lines such as the mean predictor and the rater-noise
/// ceiling.
enum IntervalChart {
    struct Row {
        let label: String
        let interval: Interval
        /// Whether there is no interval to draw.
        var isPoint = false
        var style = "s1"
    }

    /// A vertical reference line.
    struct Mark {
        let text: String
        let value: Double
    }

    static func chart(title: String, measure: String, rows: [Row], marks: [Mark] = [], name: String) -> Chart {
        let ends =
            rows.flatMap { $0.isPoint ? [$0.interval.estimate] : [$0.interval.lower, $0.interval.upper] }
            + marks.map(\.value)
        let finite = ends.filter(\.isFinite)
        let x = Axis(measure, covering: min(0, finite.min() ?? 0), max(finite.max() ?? 1, 0), count: 6)
        let step = 26.0, labels = 148.0
        let height = Double(rows.count) * step + 58
        var plot = Plot(
            x: x, y: Axis("", from: 0, to: Double(max(1, rows.count)), ticks: []), height: height, left: labels)
        for mark in marks {
            plot.drawing.line(plot.px(mark.value), plot.inner.top, plot.px(mark.value), plot.inner.bottom, "reference")
        }
        for (index, row) in rows.enumerated() {
            let y = plot.py(Double(rows.count - index) - 0.5), interval = row.interval
            plot.drawing.text(labels - 8, y + 4, ShortText.middle(row.label, to: 18), "row", anchor: .end)
            if !row.isPoint {
                plot.drawing.line(
                    plot.px(interval.lower), y, plot.px(interval.upper), y, "whisker l\(row.style.dropFirst())")
            }
            plot.drawing.circle(
                plot.px(interval.estimate), y, 4.5, "dot \(row.style)",
                hint:
                    "\(row.label): "
                    + "\(Numerals.fixed(interval.estimate, 3))\(row.isPoint ? "" : " \(Numerals.range(interval))")"
            )
        }
        let text = rows.map {
            "\($0.label) "
                + "\(Numerals.fixed($0.interval.estimate, 3))\($0.isPoint ? "" : " \(Numerals.range($0.interval))")"
        }
        return Chart(
            title: title,
            svg: plot.drawing.svg(
                title: title,
                description: "\(measure): " + text.joined(separator: "; ")
                    + marks.map { "; \($0.text) \(Numerals.fixed($0.value, 3))" }.joined() + ".",
                name: name),
            legend: marks.map { .init(style: "", text: "dashed line: \($0.text) (\(Numerals.fixed($0.value, 3)))") })
    }
}
