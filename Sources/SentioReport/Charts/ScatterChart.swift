import SentioLearn

/// Predicted against true ratings of one dimension, with equal axes and the line of perfect prediction.
enum ScatterChart {
    /// - Parameters:
    ///   - score: scores of these songs, for the finding.
    ///   - scale: the rating scale, for the axes; nil: the range of the data.
    static func chart(
        dimension: String, songs: [String], truth: [Double], predicted: [Double], score: [Metric: Interval],
        scale: ClosedRange<Double>?,
        name: String, hints: Bool = true
    ) -> Chart {
        let all = truth + predicted
        let (low, high) = (all.min() ?? 0, all.max() ?? 1)
        // Both axes cover the scale, so that predictions close to the mean are visible as such.
        let axis = { (title: String) in
            Axis(title, covering: min(low, scale?.lowerBound ?? low), max(high, scale?.upperBound ?? high), count: 8)
        }
        let unit = scale.map { " (\(Numerals.short($0.lowerBound)) to \(Numerals.short($0.upperBound)))" } ?? ""
        var plot = Plot(x: axis("true \(dimension)\(unit)"), y: axis("predicted \(dimension)\(unit)"), height: 420)
        plot.drawing.line(
            plot.px(plot.x.low), plot.py(plot.x.low), plot.px(plot.x.high), plot.py(plot.x.high), "reference")
        for index in truth.indices {
            plot.drawing.circle(
                plot.px(truth[index]), plot.py(predicted[index]), 3.2, "dot s1",
                hint: hints
                    ? "\(songs[index]): true \(Numerals.fixed(truth[index], 2)), predicted "
                        + "\(Numerals.fixed(predicted[index], 2))"
                    : nil)
        }
        let width = spread(predicted) / max(spread(truth), 1e-12)
        var title = Markup.capitalized(dimension)
        if let r2 = score[.r2], let ccc = score[.ccc] {
            title +=
                r2.estimate > 0 && r2.lower <= 0
                ? ": predictions are not significantly better than the mean of these songs (R² "
                    + "\(Numerals.fixed(r2.estimate, 3)) \(Numerals.range(r2, 2)), CCC "
                    + "\(Numerals.fixed(ccc.estimate, 3)))"
                : r2.estimate > 0
                    ? ": predictions explain \(Numerals.fixed(r2.estimate * 100, 0)) % of the variance (R² "
                        + "\(Numerals.fixed(r2.estimate, 3)) \(Numerals.range(r2, 2)), CCC "
                        + "\(Numerals.fixed(ccc.estimate, 3)))"
                    : ": predictions are no better than the mean of these songs (R² \(Numerals.fixed(r2.estimate, 3)) "
                        + "\(Numerals.range(r2, 2)))"
        }
        return Chart(
            title: title + "; their standard deviation is \(Numerals.fixed(width * 100, 0)) % of that of the ratings.",
            svg: plot.drawing.svg(
                title: title,
                description:
                    "Scatter plot of \(songs.count) songs. x axis: true \(dimension), from "
                    + "\(Numerals.fixed(truth.min() ?? 0, 2)) to \(Numerals.fixed(truth.max() ?? 0, 2)); "
                    + "y axis: predicted \(dimension), from \(Numerals.fixed(predicted.min() ?? 0, 2)) to "
                    + "\(Numerals.fixed(predicted.max() ?? 0, 2)). The diagonal marks perfect predictions.",
                name: name),
            legend: [.init(style: "dot s1", text: "one song"), .init(style: "", text: "diagonal: perfect prediction")])
    }

    /// Standard deviation.
    private static func spread(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))).squareRoot()
    }
}
