import SentioLearn
import SentioReport

/// A comparison song by song, as text for people.
enum CompareText {
    private static let metrics: [(metric: Metric, title: String)] = [
        (.r2, "R2"), (.ccc, "CCC"), (.rmse, "RMSE"), (.pearson, "Pearson"), (.mae, "MAE"),
    ]

    static func lines(_ compared: ComparedSongs, width: Int?) -> [String] {
        let comparison = compared.comparison, aligned = comparison.aligned
        let stages = Set(aligned.stages).count == 1 ? aligned.stages[0] : aligned.stages.joined(separator: ", ")
        let seeds = comparison.hasReplicates ? ", \(aligned.replicates.count) replicates" : ""
        var lines = ["", "\(stages), \(aligned.set): \(Words.count(aligned.songs.count, "song"))\(seeds)"]
        lines += comparison.labels.count == 2 ? pair(comparison) : arms(comparison)
        lines.append("")
        for verdict in compared.verdicts { lines.append(verdict.sentence) }
        for dose in compared.doses { lines.append(dose.sentence) }
        if comparison.labels.count == 2, let changes = compared.changes.first { lines += songs(changes) }
        for omission in comparison.cautions + aligned.omissions { lines.append("note: \(omission)") }
        for cell in compared.missing { lines.append("note: missing from the sweep: \(cell)") }
        return lines
    }

    /// Two arms: all measures.
    private static func pair(_ comparison: ArmComparison) -> [String] {
        let other = 1 - comparison.baseline
        var table = TextTable(
            ["", comparison.labels[comparison.baseline], comparison.labels[other], "difference", "95 %", "p"], right: [1, 2, 3, 5])
        for dimension in comparison.dimensions {
            guard let contrast = dimension.differences[other] else { continue }
            for (metric, title) in metrics {
                guard let difference = contrast.differences[metric] else { continue }
                table.rows.append([
                    "\(dimension.name) \(title)", Words.fixed(difference.first, 3), Words.fixed(difference.second, 3),
                    signed(difference.interval.estimate), range(difference.interval), p(difference.p),
                ])
            }
        }
        return table.lines()
    }

    /// Several arms: the measure of the verdicts.
    private static func arms(_ comparison: ArmComparison) -> [String] {
        var lines: [String] = []
        let title = metrics.first { $0.metric == comparison.metric }?.title ?? comparison.metric.rawValue.uppercased()
        for dimension in comparison.dimensions {
            var table = TextTable(["\(dimension.name) \(title)", "score", "95 %", "difference", "95 %", "p (Holm)"], right: [1, 3, 5])
            for arm in comparison.labels.indices {
                guard let score = dimension.scores[arm][comparison.metric] else { continue }
                var row = [comparison.labels[arm], Words.fixed(score.estimate, 3), range(score)]
                if let contrast = dimension.differences[arm], let difference = contrast.differences[comparison.metric] {
                    row += [
                        signed(difference.interval.estimate), range(difference.interval),
                        p(contrast.adjusted[comparison.metric] ?? difference.p),
                    ]
                } else {
                    row += ["baseline", "", ""]
                }
                table.rows.append(row)
            }
            lines += (lines.isEmpty ? [] : [""]) + table.lines()
        }
        return lines
    }

    private static func songs(_ changes: ChangedSongs) -> [String] {
        var lines: [String] = []
        func list(_ title: String, _ songs: [ChangedSongs.Song]) {
            guard !songs.isEmpty else { return }
            var table = TextTable([title, "error", "true, \(changes.baseline), \(changes.arm)"], right: [1])
            for song in songs {
                let ratings = song.ratings.map {
                    "\($0.dimension) \(Words.fixed($0.truth, 2)), \(Words.fixed($0.before, 2)), \(Words.fixed($0.after, 2))"
                }
                table.rows.append([song.id, signed(song.change, 2), ratings.joined(separator: "; ")])
            }
            lines += [""] + table.lines()
        }
        list("songs that got better", changes.better)
        list("songs that got worse", changes.worse)
        if !changes.groups.isEmpty {
            var table = TextTable(["mean change of the error", "songs", "change", "95 %"], right: [1, 2])
            for group in changes.groups {
                table.rows.append(["\(group.by): \(group.name)", "\(group.songs)", signed(group.change.estimate), range(group.change)])
            }
            lines += [""] + table.lines()
        }
        return lines + changes.remarks.map { "note: \($0)" }
    }

    private static func signed(_ value: Double, _ digits: Int = 3) -> String { (value >= 0 ? "+" : "") + Words.fixed(value, digits) }
    private static func range(_ interval: Interval) -> String { "[\(Words.fixed(interval.lower, 3)), \(Words.fixed(interval.upper, 3))]" }
    private static func p(_ value: Double) -> String { value.isNaN ? "" : value < 0.001 ? "<0.001" : Words.fixed(value, 3) }
}
