import SentioLearn
import SentioRunStore

/// The scores: stages that scored the same songs side by side with intervals, the mean predictor, and the rater-noise
/// ceiling.
enum ScoreSection {
    static func section(_ runs: [RunReport], ceilings: [RaterCeiling]) -> ReportSection? {
        var content = ""
        for (place, run) in runs.enumerated() {
            let groups = ScoreGroup.all(run.details.stages, columns: run.columns)
            guard !groups.isEmpty else { continue }
            if runs.count > 1 { content += Markup.element("h3", text: run.label) }
            // Single stages get no chart if there are groups of several.
            let drawn = groups.contains { $0.stages.count > 1 } ? groups.filter { $0.stages.count > 1 } : groups
            let charts = drawn.enumerated().flatMap { index, group in
                overview(group, ceilings: ceilings.filter { $0.songs == group.songs }, name: "scores-\(place)-\(index)")
            }
            content +=
                "<div class=\"charts\">\(charts.map(\.html).joined())</div>" + groups.map { tables($0, run) }.joined()
        }
        guard !content.isEmpty else { return nil }
        content += Markup.element(
            "p", text: "Brackets: 95 % bootstrap intervals over songs. Variances and covariances divide by n (ddof 0).")
        for ceiling in ceilings {
            content += Markup.element(
                "p",
                text:
                    "Rater-noise ceiling for \(ceiling.dimension): no model can be expected to exceed R² "
                    + "\(Numerals.fixed(ceiling.r2, 2)) (r \(Numerals.fixed(ceiling.pearson, 2)), CCC "
                    + "\(Numerals.fixed(ceiling.ccc, 2))), estimated from the standard deviations over raters of "
                    + "\(Numerals.count(ceiling.songs, "song")), assuming \(Numerals.short(ceiling.raters)) raters "
                    + "per song."
            )
        }
        if ceilings.isEmpty {
            content += Markup.element(
                "p",
                text: "The labels contain no standard deviations over raters, so the rater-noise ceiling is unknown.")
        }
        return ReportSection(name: "scores", title: "Scores", content: content)
    }

    /// One table per dimension.
    static func tables(_ group: ScoreGroup, _ run: RunReport) -> String {
        return group.dimensions.map { dimension in
            let scale =
                run.facts.scale(of: dimension).map {
                    ", ratings on \(Numerals.short($0.lowerBound)) to \(Numerals.short($0.upperBound))"
                } ?? ""
            var table = HTMLTable(
                ["stage"] + Metric.reported.map(\.title), numbers: Set(1...Metric.reported.count),
                caption: "\(Markup.capitalized(dimension)), \(group.songs) \(group.words)\(scale)")
            table.namesRows = true
            func add(_ label: String, _ stage: StageDetails, _ name: String) {
                table.rows.append([label] + Metric.reported.map { cell(stage, "\(name).\($0.rawValue)") })
            }
            for stage in group.stages { add(stage.stage, stage, "\(group.prefix).\(dimension)") }
            let baselines = group.baselines(dimension)
            for stage in baselines {
                table.dimmed.insert(table.rows.count)
                add(
                    "mean predictor\(baselines.count > 1 ? " of \(stage.stage)" : "")", stage,
                    "\(group.prefix).baseline.\(dimension)")
            }
            if let stage = group.stages.first(where: {
                $0.metrics["\(group.prefix).baseline.within.\(dimension).r2"] != nil
            }) {
                table.dimmed.insert(table.rows.count)
                add("mean of each dataset", stage, "\(group.prefix).baseline.within.\(dimension)")
            }
            return table.html + within(group, dimension)
        }.joined()
    }

    /// R² of the stages within each of several sets of songs; empty if no stage has such scores.
    private static func within(_ group: ScoreGroup, _ dimension: String) -> String {
        let sets = group.sets(dimension)
        guard !sets.isEmpty else { return "" }
        var table = HTMLTable(
            ["stage"] + sets + ["all, against each set's own mean"], numbers: Set(1...sets.count + 1),
            caption: "R² of \(dimension) within each set of the \(group.words)")
        table.namesRows = true
        for stage in group.stages {
            let own = sets.map { cell(stage, "\(group.prefix).\(dimension).within.\($0).r2") }
            table.rows.append([stage.stage] + own + [cell(stage, "\(group.prefix).\(dimension).r2_within")])
        }
        return table.html
    }

    private static func cell(_ stage: StageDetails, _ name: String) -> String {
        guard let value = stage.metrics[name] else { return "" }
        guard let low = stage.metrics[name + ".low"], let high = stage.metrics[name + ".high"] else {
            return Numerals.fixed(value, 3)
        }
        return "\(Numerals.fixed(value, 3)) [\(Numerals.fixed(low, 2)), \(Numerals.fixed(high, 2))]"
    }

    /// R² of the stages, one chart per dimension.
    static func overview(_ group: ScoreGroup, ceilings: [RaterCeiling], name: String) -> [Chart] {
        group.dimensions.map { dimension in
            let metric = "\(group.prefix).\(dimension).r2"
            let rows = group.stages.compactMap { stage -> IntervalChart.Row? in
                guard let value = stage.metrics[metric] else { return nil }
                let low = stage.metrics[metric + ".low"], high = stage.metrics[metric + ".high"]
                return .init(
                    label: stage.stage, interval: Interval(estimate: value, lower: low ?? value, upper: high ?? value),
                    isPoint: low == nil)
            }
            let baseline = group.baselines(dimension).last?.metrics["\(group.prefix).baseline.\(dimension).r2"].map {
                IntervalChart.Mark(text: "mean predictor", value: $0)
            }
            let ceiling = ceilings.first { $0.dimension == dimension }.map {
                IntervalChart.Mark(text: "rater-noise ceiling", value: $0.r2)
            }
            return IntervalChart.chart(
                title: finding(rows, dimension: dimension, baseline: baseline?.value),
                measure: "R² of \(dimension), \(group.words)",
                rows: rows, marks: [baseline, ceiling].compactMap { $0 }, name: "\(name)-\(token(dimension))")
        }
    }

    /// The finding, as far as separate intervals support it: overlapping intervals leave the order open.
    static func finding(_ rows: [IntervalChart.Row], dimension: String, baseline: Double?) -> String {
        let subject = Markup.capitalized(dimension)
        guard let best = rows.max(by: { $0.interval.estimate < $1.interval.estimate }) else { return "\(subject)." }
        let value = Numerals.fixed(best.interval.estimate, 3)
        if best.isPoint {
            return
                "\(subject): \(best.label) has R² "
                + "\(value)\(rows.count > 1 ? ", the highest; no intervals are stored" : "")."
        }
        guard rows.count > 1 else {
            let beats = baseline.map {
                best.interval.lower > $0
                    ? ", above the mean predictor"
                    : best.interval.estimate > $0
                        ? ", not significantly above the mean predictor" : ", no better than the mean predictor"
            }
            return "\(subject): R² \(value) \(Numerals.range(best.interval, 2))\(beats ?? "")."
        }
        let others = rows.filter { $0.label != best.label },
            close = others.filter { $0.interval.upper >= best.interval.lower }
        if close.isEmpty {
            return "\(subject): \(best.label) has the highest R², \(value); no other interval overlaps its own."
        }
        let which =
            close.count < others.count
            ? "the intervals of \(close.count) of the \(others.count) others overlap its own, so it need not be the "
                + "best"
            : others.count == 1
                ? "the other interval overlaps its own, so this order may be due to chance"
                : "all \(others.count) other intervals overlap its own, so this order may be due to chance"
        return "\(subject): R² is highest for \(best.label), \(value), but \(which)."
    }

    /// Text as part of an element id.
    static func token(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }
}
