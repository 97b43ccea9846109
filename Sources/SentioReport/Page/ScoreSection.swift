import SentioLearn
import SentioRunStore

/// What was scored: every scoring stage with its intervals, the mean predictor beside it, and what raters allow.
enum ScoreSection {
    /// Names of metrics as `evaluate` and `cross-validate` write them, with the words for people.
    private static let sets = [("test", "test songs"), ("pooled", "out-of-fold"), ("validation", "validation songs")]

    static func section(_ runs: [RunReport], ceilings: [RaterCeiling]) -> ReportSection? {
        var content = "", charts: [Chart] = []
        for (place, run) in runs.enumerated() {
            let stages = run.details.stages.filter { set(of: $0) != nil }
            guard !stages.isEmpty else { continue }
            if runs.count > 1 { content += Markup.element("h3", text: run.label) }
            content += table(stages, run)
            charts += overview(stages, run, ceilings, place)
        }
        guard !content.isEmpty else { return nil }
        for ceiling in ceilings {
            content += Markup.element(
                "p",
                text:
                    "Rater-noise ceiling of \(ceiling.dimension): no model can be expected above R² \(Numerals.fixed(ceiling.r2, 2)) (r \(Numerals.fixed(ceiling.pearson, 2)), CCC \(Numerals.fixed(ceiling.ccc, 2))), from the spread of the raters of \(Numerals.count(ceiling.songs, "song")), taking \(Numerals.short(ceiling.raters)) raters a song."
            )
        }
        if ceilings.isEmpty {
            content += Markup.element("p", text: "The labels hold no spread of the raters, so the rater-noise ceiling is not known.")
        }
        return ReportSection(
            name: "scores", title: "Scores", content: "<div class=\"charts\">\(charts.map(\.html).joined())</div>\(content)")
    }

    private static func set(of stage: StageDetails) -> (prefix: String, words: String)? {
        sets.first { prefix, _ in stage.metrics["\(prefix).r2"] != nil && stage.metrics["\(prefix).songs"] != nil }
    }

    /// The rated dimensions that a stage scored, in alphabet's reverse: valence before arousal.
    private static func dimensions(_ stage: StageDetails, _ prefix: String) -> [String] {
        stage.metrics.keys.compactMap { name -> String? in
            let parts = name.split(separator: ".")
            guard parts.count == 3, parts[0] == prefix, parts[2] == "r2", parts[1] != "baseline" else { return nil }
            return String(parts[1])
        }.sorted(by: >)
    }

    private static func table(_ stages: [StageDetails], _ run: RunReport) -> String {
        var table = HTMLTable(["stage", "on", "songs", "dimension"] + Metric.reported.map(\.title), numbers: [2, 4, 5, 6, 7, 8])
        for stage in stages {
            guard let (prefix, words) = set(of: stage) else { continue }
            let songs = Numerals.fixed(stage.metrics["\(prefix).songs"] ?? .nan, 0)
            func add(_ label: String, _ on: String, _ name: String, _ group: String, isBaseline: Bool) {
                if isBaseline { table.dimmed.insert(table.rows.count) }
                table.rows.append(
                    [label, on, isBaseline ? "" : songs, name] + Metric.reported.map { cell(stage, "\(group).\($0.rawValue)") })
            }
            for dimension in dimensions(stage, prefix) { add(stage.stage, words, dimension, "\(prefix).\(dimension)", isBaseline: false) }
            for dimension in dimensions(stage, prefix) where stage.metrics["\(prefix).baseline.\(dimension).r2"] != nil {
                add("mean predictor", words, dimension, "\(prefix).baseline.\(dimension)", isBaseline: true)
            }
        }
        let scale = run.facts.scale.map { " Ratings on \(Numerals.short($0.lowerBound)) to \(Numerals.short($0.upperBound));" } ?? ""
        table.caption = "95 % bootstrap intervals over songs in brackets.\(scale) moments with ddof 0."
        return table.html
    }

    private static func cell(_ stage: StageDetails, _ name: String) -> String {
        guard let value = stage.metrics[name] else { return "" }
        guard let low = stage.metrics[name + ".low"], let high = stage.metrics[name + ".high"] else { return Numerals.fixed(value, 3) }
        return "\(Numerals.fixed(value, 3)) [\(Numerals.fixed(low, 2)), \(Numerals.fixed(high, 2))]"
    }

    /// R² of every scoring stage, a chart a dimension.
    private static func overview(_ stages: [StageDetails], _ run: RunReport, _ ceilings: [RaterCeiling], _ place: Int) -> [Chart] {
        guard let (prefix, words) = set(of: stages[stages.count - 1]) else { return [] }
        return dimensions(stages[stages.count - 1], prefix).map { dimension in
            let name = "\(prefix).\(dimension).r2"
            let rows = stages.compactMap { stage -> IntervalChart.Row? in
                guard let value = stage.metrics[name] else { return nil }
                let low = stage.metrics[name + ".low"], high = stage.metrics[name + ".high"]
                return .init(
                    label: stage.stage, interval: Interval(estimate: value, lower: low ?? value, upper: high ?? value), isPoint: low == nil)
            }
            let baseline = stages[stages.count - 1].metrics["\(prefix).baseline.\(dimension).r2"].map {
                IntervalChart.Mark(text: "mean predictor", value: $0)
            }
            let ceiling = ceilings.first { $0.dimension == dimension }.map { IntervalChart.Mark(text: "rater-noise ceiling", value: $0.r2) }
            let best = rows.max { $0.interval.estimate < $1.interval.estimate }
            var title =
                best.map { "\(Markup.capitalised(dimension)): \($0.label) scores highest, R² \(Numerals.fixed($0.interval.estimate, 3))" }
                ?? dimension
            if rows.count > 1, let best {
                let others = rows.filter { $0.label != best.label && $0.interval.upper >= best.interval.lower }
                title += others.isEmpty ? "" : "; \(others.count) of the other \(rows.count - 1) reach into its interval"
            }
            return IntervalChart.chart(
                title: title + ".", measure: "R² of \(dimension), \(words)", rows: rows, marks: [baseline, ceiling].compactMap { $0 },
                name: "scores-\(place)-\(Self.token(dimension))")
        }
    }

    /// Something that may stand in an id.
    static func token(_ text: String) -> String { String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }) }
}
