import SentioKit
import SentioRunStore

/// Learning curves: one chart per metric of each stage that recorded series, with training and validation together. The
/// most informative metrics are shown, the others are collapsed.
enum TrainingSection {
    private static let mostOpen = 4, mostFolded = 24
    private static let smallerIsBetter = ["loss", "mse", "rmse", "mae"]

    static func html(_ run: RunReport, place: Int) -> String {
        let charts = charts(run, place: place)
        guard !charts.isEmpty else { return "" }
        func grid(_ charts: [Chart]) -> String { "<div class=\"charts\">\(charts.map(\.html).joined())</div>" }
        var html = grid(charts.flatMap { $0.prefix(mostOpen) })
        let folded = charts.flatMap { $0.dropFirst(mostOpen) }
        if !folded.isEmpty {
            let left = folded.count > mostFolded ? ", \(mostFolded) of them shown" : ""
            html +=
                "<details><summary>\(Numerals.count(folded.count, "more curve"))\(left)</summary>"
                + "\(grid(Array(folded.prefix(mostFolded))))</details>"
        }
        return html
    }

    /// One list per stage, in the order of the stages; the most informative metrics come first.
    static func charts(_ run: RunReport, place: Int) -> [[Chart]] {
        // Copies of a stage in a group (`blend.gbdt@inner=3`) would crowd out the others.
        run.details.stages.filter { !$0.stage.contains("@") }.map { stage in
            groups(run.series.filter { $0.stage == stage.stage }).compactMap { group in
                SeriesChart.chart(
                    "\(stage.stage), \(group.measure)", measure: group.measure, lines: group.lines,
                    steps: steps(stage.kind),
                    direction: smallerIsBetter.contains { group.measure.hasSuffix($0) }
                        ? .down : ["ccc", "r2", "pearson"].contains { group.measure.hasSuffix($0) } ? .up : nil,
                    name: "series-\(place)-\(ScoreSection.token(stage.stage))-\(ScoreSection.token(group.measure))")
            }
        }.filter { !$0.isEmpty }
    }

    /// `train.loss` and `validation.loss` are one chart, `loss`.
    private static func groups(_ series: [RunReport.Series]) -> [(measure: String, lines: [SeriesChart.Line])] {
        var groups: [(measure: String, lines: [SeriesChart.Line])] = []
        for series in series {
            let parts = series.name.split(separator: ".", maxSplits: 1).map(String.init)
            let isSet = parts.count == 2 && ["train", "validation", "test"].contains(parts[0])
            let measure = isSet ? parts[1] : series.name,
                line = SeriesChart.Line(name: isSet ? parts[0] : "", points: series.points)
            if let index = groups.firstIndex(where: { $0.measure == measure }) {
                groups[index].lines.append(line)
            } else {
                groups.append((measure, [line]))
            }
        }
        // Throughput, learning rates and norms come last.
        func rank(_ measure: String) -> Int {
            ["loss", "ccc", "r2", "recovery", "gap"].firstIndex { measure.hasSuffix($0) } ?? 5
        }
        return groups.sorted { (rank($0.measure), $0.measure) < (rank($1.measure), $1.measure) }
    }

    /// The unit of the steps of a stage kind.
    private static func steps(_ kind: String) -> SeriesChart.Steps {
        kind == "gbdt"
            ? .init("boosting round", axis: "boosting round (one tree each)")
            : kind.hasSuffix("-train") ? .init("epoch") : .init("step")
    }
}
