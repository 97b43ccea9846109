import SentioKit
import SentioLearn

/// A metric as a function of a dose, with intervals. The best dose is marked, and doses within noise of it are shaded.
enum DoseChart {
    static func chart(_ response: DoseResponse, dimension: String, parameter: String, name: String) -> Chart {
        let points = response.points
        let x = Axis(parameter, covering: points[0].dose, points[points.count - 1].dose, count: 6)
        let low = points.map(\.score.lower).min() ?? 0, high = points.map(\.score.upper).max() ?? 1
        var plot = Plot(x: x, y: Axis("\(dimension) \(response.metric.title)", covering: low, high))
        let close = closeDoses(response)
        if let close {
            let from = plot.px(close.lowerBound), to = plot.px(close.upperBound), frame = plot.inner
            plot.drawing.rectangle(from, frame.top, to - from, frame.bottom - frame.top, "band")
        }
        plot.drawing.path(points.map { (x: plot.px($0.dose), y: plot.py($0.score.estimate)) }, "line l1")
        for (index, point) in points.enumerated() {
            let at = plot.px(point.dose)
            plot.drawing.line(at, plot.py(point.score.lower), at, plot.py(point.score.upper), "whisker l1")
            plot.drawing.circle(
                at, plot.py(point.score.estimate), 5, index == response.best ? "dot s2" : "dot s1",
                hint:
                    "\(parameter) \(Numerals.short(point.dose)): \(Numerals.fixed(point.score.estimate, 3)) "
                    + "\(Numerals.range(point.score)), best in "
                    + "\(Int(saturating: (point.bestShare * 100).rounded())) % of resamples"
            )
        }
        let title = Markup.capitalized(DoseSentence.headline(response, dimension: dimension, parameter: parameter))
        let whole = Markup.capitalized(DoseSentence.text(response, dimension: dimension, parameter: parameter))
        let more = whole == title ? [] : [Chart.Entry(style: "", text: whole)]
        let band = close != nil ? [Chart.Entry(style: "", text: "shaded: within noise of the best")] : []
        return Chart(
            title: title,
            svg: plot.drawing.svg(
                title: title,
                description: points.map {
                    "\(parameter) \(Numerals.short($0.dose)): \(Numerals.fixed($0.score.estimate, 3)) "
                        + "\(Numerals.range($0.score))"
                }
                .joined(separator: "; ") + ".", name: name),
            legend: more + [
                .init(style: "dot s2", text: response.metric.largerIsBetter ? "highest" : "lowest"),
                .init(
                    style: "", text: "whiskers: 95 % intervals over songs\(response.replicates > 1 ? " and seeds" : "")"
                ),
            ] + band)
    }

    /// The contiguous range of doses within noise of the best; nil if it consists of the best alone or of all doses,
    /// which the title says.
    static func closeDoses(_ response: DoseResponse) -> ClosedRange<Double>? {
        let points = response.points
        var first = response.best, last = response.best
        while first > 0, points[first - 1].isWithinNoise { first -= 1 }
        while last + 1 < points.count, points[last + 1].isWithinNoise { last += 1 }
        return first == last || last - first + 1 == points.count ? nil : points[first].dose...points[last].dose
    }
}
