import SentioBase
import SentioKit
import SentioLearn
import SentioRunStore

/// Arms compared with the baseline: verdicts, dose–response or scores, tables, changed songs, settings that differ.
enum ComparisonSection {
    static func section(_ part: ReportComparison) -> ReportSection {
        let comparison = part.comparison
        var html = part.verdicts.map { "<p class=\"finding\">\(Markup.escaped($0.sentence))</p>" }.joined()
        for remark in comparison.cautions + part.remarks + comparison.aligned.omissions {
            html += "<p class=\"note\">\(Markup.escaped(remark))</p>"
        }
        html += charts(part) + tables(comparison) + part.changes.map { changed($0) }.joined() + settings(part.sheet)
        return ReportSection(name: "comparison", title: "Comparison", content: html)
    }

    private static func charts(_ part: ReportComparison) -> String {
        let comparison = part.comparison, metric = comparison.metric
        var charts = part.doses.enumerated().map { index, dose in
            DoseChart.chart(dose.response, dimension: dose.dimension, parameter: dose.parameter, name: "dose-\(index)")
        }
        for (index, dimension) in comparison.dimensions.enumerated() where part.doses.isEmpty {
            let rows = comparison.labels.indices.compactMap { arm in
                dimension.scores[arm][metric].map {
                    IntervalChart.Row(
                        label: comparison.labels[arm], interval: $0, style: arm == comparison.baseline ? "s2" : "s1")
                }
            }
            let best = rows.max {
                metric.largerIsBetter
                    ? $0.interval.estimate < $1.interval.estimate : $0.interval.estimate > $1.interval.estimate
            }
            let standing = dimension.differences.compactMap { $0 }.contains { contrast in
                contrast.differences[metric].map { $0.stands(p: contrast.adjusted[metric]) } ?? false
            }
            charts.append(
                IntervalChart.chart(
                    title:
                        "\(Markup.capitalized(dimension.name)): \(best?.label ?? "") has the "
                        + "\(metric.largerIsBetter ? "highest" : "lowest") "
                        + "\(metric.title)\(standing ? "" : "; no difference from the baseline is significant").",
                    measure: "\(metric.title) of \(dimension.name)", rows: rows, name: "arms-\(index)"))
        }
        return "<div class=\"charts\">\(charts.map(\.html).joined())</div>"
    }

    private static func tables(_ comparison: ArmComparison) -> String {
        comparison.dimensions.map { dimension in
            var table = HTMLTable(
                ["arm", "Δ \(comparison.metric.title)", "95 % CI", "p (Holm)"] + Metric.reported.map(\.title),
                numbers: [1, 2, 3, 4, 5, 6, 7, 8],
                caption:
                    "\(Markup.capitalized(dimension.name)), \(comparison.aligned.songs.count) "
                    + SongSection.setWords(comparison.aligned.set)
                    + (comparison.hasReplicates ? ", \(comparison.aligned.replicates.count) replicates" : "")
                    + "; Δ: difference from \(comparison.labels[comparison.baseline])"
            )
            for arm in comparison.labels.indices {
                var row = [comparison.labels[arm]]
                if let contrast = dimension.differences[arm], let difference = contrast.differences[comparison.metric] {
                    let p = contrast.adjusted[comparison.metric] ?? difference.p
                    row += [
                        Numerals.signed(difference.interval.estimate, 3), Numerals.range(difference.interval),
                        p < 0.001 ? "<0.001" : Numerals.fixed(p, 3),
                    ]
                } else {
                    table.dimmed.insert(arm)
                    row += ["baseline", "", ""]
                }
                row += Metric.reported.map { metric in
                    dimension.scores[arm][metric].map { "\(Numerals.fixed($0.estimate, 3)) \(Numerals.range($0, 2))" }
                        ?? ""
                }
                table.rows.append(row)
            }
            table.namesRows = true
            return table.html
        }.joined()
    }

    private static func changed(_ changes: ChangedSongs) -> String {
        guard !changes.better.isEmpty || !changes.worse.isEmpty else { return "" }
        let dimensions = (changes.better + changes.worse).first.map { $0.ratings.map(\.dimension) } ?? []
        var table = HTMLTable(
            ["song", "error change"] + dimensions.flatMap { _ in ["true", changes.baseline, changes.arm] },
            numbers: Set(1...1 + 3 * dimensions.count))
        table.groups = [("", 2)] + dimensions.map { ($0, 3) }
        table.namesRows = true
        for song in changes.better + changes.worse.reversed() {
            table.rows.append(
                [song.id, Numerals.signed(song.change, 2)]
                    + song.ratings.flatMap { [$0.truth, $0.before, $0.after].map { Numerals.fixed($0, 2) } }
            )
        }
        var groups = HTMLTable(["group", "songs", "error change", "95 % CI"], numbers: [1, 2, 3])
        groups.caption = "Groups of songs (exploratory: not corrected for multiple comparisons)"
        for group in changes.groups {
            groups.namesRows = true
            groups.rows.append([
                "\(group.by): \(group.name)", "\(group.songs)", Numerals.signed(group.change.estimate, 3),
                Numerals.range(group.change),
            ])
        }
        let remarks = changes.remarks.map { Markup.element("p", text: $0) }.joined()
        return "<details><summary>\(Markup.escaped("Songs that \(changes.arm) predicts better or worse"))</summary>"
            + "<p class=\"dim\">Change of the mean absolute error in rating units; negative is "
            + "better.</p>\(table.html)\(groups.html)\(remarks)</details>"
    }

    private static func settings(_ sheet: RunComparison?) -> String {
        guard let sheet else { return "" }
        let rows = (sheet.parameters + sheet.configuration).filter(\.differs)
        guard !rows.isEmpty else { return "<p class=\"dim\">The runs have the same parameters.</p>" }
        var table = HTMLTable(["setting"] + sheet.runs.map { $0.name ?? $0.id })
        for row in rows.prefix(200) {
            table.rows.append([row.name] + row.values.map { ShortText.end($0?.text ?? "–", to: 80) })
        }
        let open = rows.count <= 15 ? " open" : ""
        return "<details\(open)><summary>Settings that differ (\(rows.count))</summary>\(table.html)</details>"
    }
}
