import SentioKit

/// Histogram of the errors (predicted - true) of one dimension.
enum ResidualChart {
    static func chart(dimension: String, residuals: [Double], name: String) -> Chart {
        let sizes = residuals.map(\.magnitude).sorted(), median = sizes.isEmpty ? 0 : sizes[sizes.count / 2]
        let mean = residuals.reduce(0, +) / Double(max(1, residuals.count))
        let reach = max(sizes.last ?? 1, 1e-9)
        let x = Axis("predicted − true \(dimension) (rating units)", covering: -reach, reach, count: 8)
        // About sqrt(songs) bins, aligned with the ticks.
        let step = x.ticks.count > 1 ? x.ticks[1] - x.ticks[0] : 1
        let wanted = max(8, min(40, Int(Double(residuals.count).squareRoot() * 1.6)))
        let perTick = max(1, min(5, Int(saturating: (Double(wanted) * step / (x.high - x.low)).rounded())))
        let width = step / Double(perTick), count = max(1, Int(saturating: ((x.high - x.low) / width).rounded()))
        var bins = [Int](repeating: 0, count: count)
        for residual in residuals { bins[max(0, min(count - 1, Int(saturating: (residual - x.low) / width)))] += 1 }
        var plot = Plot(x: x, y: Axis("songs", covering: 0, Double(bins.max() ?? 1), count: 4), height: 210)
        let zero = plot.py(0)
        for (index, songs) in bins.enumerated() where songs > 0 {
            let left = plot.px(x.low + Double(index) * width), right = plot.px(x.low + Double(index + 1) * width)
            plot.drawing.rectangle(
                left + 0.5, plot.py(Double(songs)), right - left - 1, zero - plot.py(Double(songs)), "bar s1",
                hint:
                    "\(Numerals.fixed(x.low + Double(index) * width, 2)) to "
                    + "\(Numerals.fixed(x.low + Double(index + 1) * width, 2)): \(Numerals.count(songs, "song"))"
            )
        }
        plot.drawing.line(plot.px(0), plot.inner.top, plot.px(0), zero, "reference")
        let bias =
            mean.magnitude < 0.05 * max(median, 1e-9)
            ? "no bias"
            : "predictions are on average \(Numerals.fixed(mean.magnitude, 2)) too \(mean > 0 ? "high" : "low")"
        let finding = "\(Markup.capitalized(dimension)): median absolute error \(Numerals.fixed(median, 2)); \(bias)"
        return Chart(
            title: finding + ".",
            svg: plot.drawing.svg(
                title: finding,
                description:
                    "Histogram of predicted minus true \(dimension) of \(residuals.count) songs, in bins of "
                    + "\(Numerals.short(width)) rating units; the largest error is \(Numerals.fixed(reach, 2)).",
                name: name))
    }
}
