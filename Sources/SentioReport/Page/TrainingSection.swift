import SentioKit
import SentioRunStore

/// Learning curves: one chart for each measure of each stage that left series, training and validation together.
enum TrainingSection {
    private static let mostCharts = 8
    private static let smallerIsBetter = ["loss", "mse", "rmse", "mae", "distance", "gradient"]

    static func charts(_ run: RunReport, place: Int) -> [Chart] {
        var charts: [Chart] = []
        // Copies that a group made (`blend.gbdt@inner=3`) would crowd out the stages that one looks for.
        for stage in run.details.stages.map(\.stage).filter({ !$0.contains("@") }) where run.series.contains(where: { $0.stage == stage }) {
            let own = run.series.filter { $0.stage == stage }
            var groups: [(measure: String, lines: [SeriesChart.Line])] = []
            for series in own {
                // `train.loss` and `validation.loss` are one chart, `loss`.
                let parts = series.name.split(separator: ".", maxSplits: 1).map(String.init)
                let isSet = parts.count == 2 && ["train", "validation", "test"].contains(parts[0])
                let measure = isSet ? parts[1] : series.name,
                    line = SeriesChart.Line(name: isSet ? parts[0] : series.name, points: series.points)
                if let index = groups.firstIndex(where: { $0.measure == measure }) {
                    groups[index].lines.append(line)
                } else {
                    groups.append((measure, [line]))
                }
            }
            // What tells of learning first; speed and rates last.
            func rank(_ measure: String) -> Int { measure == "loss" ? 0 : measure.hasSuffix("ccc") ? 1 : measure.hasSuffix("r2") ? 2 : 3 }
            for group in groups.sorted(by: { (rank($0.measure), $0.measure) < (rank($1.measure), $1.measure) }) {
                guard charts.count < mostCharts else { break }
                let chart = SeriesChart.chart(
                    "\(stage), \(group.measure)", measure: group.measure, lines: group.lines, steps: "epoch",
                    smallerIsBetter: smallerIsBetter.contains { group.measure.contains($0) },
                    name: "series-\(place)-\(ScoreSection.token(stage))-\(ScoreSection.token(group.measure))")
                if let chart { charts.append(chart) }
            }
        }
        return charts
    }
}
