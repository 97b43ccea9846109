/// A rating over time beside its prediction and its own mean: three lines per dimension.
enum SequenceChart {
    struct Line {
        /// `valence`.
        let dimension: String
        let truth: [Double]
        let predicted: [Double]

        /// Root mean squared error over the steps.
        var error: Double { deviation(from: predicted) }

        /// The mean of the song's ratings, the best prediction that does not change.
        var mean: Double { truth.reduce(0, +) / Double(max(1, truth.count)) }
        /// Root mean squared error of predicting the song's own mean.
        var meanError: Double { deviation(from: truth.map { _ in mean }) }

        private func deviation(from values: [Double]) -> Double {
            let squares = zip(truth, values).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
            return (squares / Double(max(1, truth.count))).squareRoot()
        }
    }

    /// Dimensions drawn in one chart.
    private static let mostDimensions = 2

    /// - Parameters:
    ///   - subject: start of the title: `score, song 12`.
    ///   - times: seconds.
    ///   - scale: what the axis covers at least; nil: what is drawn.
    /// - Returns: nil without a finite number.
    static func chart(
        _ subject: String, times: [Double], lines: [Line], scale: ClosedRange<Double>?, name: String
    ) -> Chart? {
        let drawn = Array(lines.prefix(mostDimensions)), numbers = drawn.flatMap { $0.truth + $0.predicted }
        guard let first = times.first, let last = times.last, let low = numbers.min(), let high = numbers.max(),
            (numbers + times).allSatisfy(\.isFinite)
        else { return nil }
        var plot = Plot(
            x: Axis("time (s)", covering: first, max(last, first + 1), count: 6),
            y: Axis(
                scale.map { "rating (\(Numerals.short($0.lowerBound)) to \(Numerals.short($0.upperBound)))" }
                    ?? "rating",
                covering: low, high), height: 250)
        var legend: [Chart.Entry] = []
        for (index, line) in drawn.enumerated() {
            let level = plot.py(line.mean)
            plot.drawing.line(plot.px(first), level, plot.px(last), level, "mean l\(2 * index + 1)")
            for (offset, (values, word)) in [(line.truth, "rated"), (line.predicted, "predicted")].enumerated() {
                let number = 2 * index + offset + 1
                plot.drawing.path(zip(times, values).map { (x: plot.px($0), y: plot.py($1)) }, "line l\(number)")
                legend.append(Chart.Entry(style: "dot s\(number)", text: "\(line.dimension), \(word)"))
            }
        }
        let means = drawn.map { "\(Numerals.fixed($0.meanError, 2)) in \($0.dimension)" }.joined(separator: ", ")
        legend.append(Chart.Entry(style: "", text: "Thin lines: the song's own mean rating, RMSE \(means)"))
        if lines.count > drawn.count {
            legend.append(Chart.Entry(style: "", text: "\(lines.count - drawn.count) more not shown"))
        }
        let errors = drawn.map { "\(Numerals.fixed($0.error, 2)) in \($0.dimension)" }.joined(separator: ", ")
        let title = "\(subject): RMSE \(errors)."
        let course = drawn.map { line in
            "\(line.dimension) is rated from \(Numerals.short(line.truth[0])) to "
                + "\(Numerals.short(line.truth[line.truth.count - 1])) and predicted from "
                + "\(Numerals.short(line.predicted[0])) to \(Numerals.short(line.predicted[line.predicted.count - 1]))"
                + "; its mean rating is \(Numerals.short(line.mean))"
        }
        return Chart(
            title: title,
            svg: plot.drawing.svg(title: title, description: course.joined(separator: "; ") + ".", name: name),
            legend: legend)
    }
}
