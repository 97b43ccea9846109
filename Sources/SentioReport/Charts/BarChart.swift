import SentioBase

/// A horizontal bar chart, one row per name, in the order given.
enum BarChart {
    static func chart(title: String, measure: String, bars: [(name: String, value: Double)], name: String) -> Chart {
        let x = Axis(measure, covering: 0, bars.map(\.value).max() ?? 1, count: 5)
        let labels = 190.0, height = Double(bars.count) * 20 + 58
        var plot = Plot(
            x: x, y: Axis("", from: 0, to: Double(max(1, bars.count)), ticks: []), height: height, left: labels)
        for (index, bar) in bars.enumerated() {
            let top = plot.py(Double(bars.count - index)) + 2, bottom = plot.py(Double(bars.count - index - 1)) - 2
            plot.drawing.text(
                labels - 8, 0.5 * (top + bottom) + 4, ShortText.middle(bar.name, to: 28), "small", anchor: .end)
            plot.drawing.rectangle(
                plot.px(0), top, plot.px(bar.value) - plot.px(0), bottom - top, "bar s1",
                hint: "\(bar.name): \(Numerals.short(bar.value))")
        }
        return Chart(
            title: title,
            svg: plot.drawing.svg(
                title: title,
                description: "\(measure): "
                    + bars.map { "\($0.name) \(Numerals.short($0.value))" }.joined(separator: "; ") + ".",
                name: name))
    }
}
