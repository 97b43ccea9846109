import SentioLearn
import SentioReport

/// A song-by-song comparison as text for people.
enum CompareText {
    private static let metrics: [(metric: Metric, title: String)] = [
        (.r2, "R2"), (.ccc, "CCC"), (.rmse, "RMSE"), (.pearson, "Pearson"), (.mae, "MAE"),
    ]

    /// The verdicts and dose–response results, as sentences.
    static func verdicts(_ compared: ComparedSongs, width: Int?) -> [String] {
        (compared.verdicts.map(\.sentence) + compared.doses.map(\.sentence)).flatMap { Words.wrapped($0, to: width) }
    }

    /// Caveats of the verdicts.
    static func notes(_ compared: ComparedSongs) -> [String] {
        compared.comparison.cautions + compared.comparison.aligned.omissions
            + SweepArms.sentences(missing: compared.missing)
    }

    /// The numbers behind the verdicts.
    static func tables(_ compared: ComparedSongs, width: Int?) -> [String] {
        let comparison = compared.comparison, aligned = comparison.aligned
        let stages = Set(aligned.stages).count == 1 ? aligned.stages[0] : aligned.stages.joined(separator: ", ")
        let seeds = comparison.hasReplicates ? ", \(aligned.replicates.count) replicates" : ""
        return [
            "",
            "\(stages), \(AlignedArms.words(for: aligned.set)): \(Words.count(aligned.songs.count, "song"))\(seeds)",
        ]
            + (comparison.labels.count == 2 ? pair(comparison, width) : arms(comparison))
    }

    /// For two arms, the songs whose errors changed most.
    static func songs(_ compared: ComparedSongs, width: Int?) -> [String] {
        guard compared.comparison.labels.count == 2, let changes = compared.changes.first else { return [] }
        return songs(changes, width)
    }

    /// A label shortened to the room that a narrow screen leaves beside the numbers.
    private static func fitted(_ label: String, _ width: Int?) -> String {
        width.map { Words.shortened(label, to: max(8, ($0 - 58) / 2)) } ?? label
    }

    /// Table for two arms: all measures.
    private static func pair(_ comparison: ArmComparison, _ width: Int?) -> [String] {
        let other = 1 - comparison.baseline,
            labels = [comparison.baseline, other].map { fitted(comparison.labels[$0], width) }
        var table = TextTable([""] + labels + ["difference", "95 %", "p"], right: [1, 2, 3, 5])
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

    /// Tables for several arms: only the measure of the verdicts.
    private static func arms(_ comparison: ArmComparison) -> [String] {
        var lines: [String] = []
        let title = metrics.first { $0.metric == comparison.metric }?.title ?? comparison.metric.rawValue.uppercased()
        for dimension in comparison.dimensions {
            var table = TextTable(
                ["\(dimension.name) \(title)", "score", "95 %", "difference", "95 %", "p (Holm)"], right: [1, 3, 5])
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

    private static func songs(_ changes: ChangedSongs, _ width: Int?) -> [String] {
        var lines: [String] = []
        func list(_ title: String, _ songs: [ChangedSongs.Song]) {
            guard !songs.isEmpty else { return }
            var table = TextTable(
                [title, "error", "truth, \(fitted(changes.baseline, width)), \(fitted(changes.arm, width))"], right: [1]
            )
            for song in songs {
                let ratings = song.ratings.map {
                    "\($0.dimension) \(Words.fixed($0.truth, 2)), \(Words.fixed($0.before, 2)), "
                        + "\(Words.fixed($0.after, 2))"
                }
                table.rows.append([song.id, signed(song.change, 2), ratings.joined(separator: "; ")])
            }
            lines += [""] + table.lines()
        }
        list("improved", changes.better)
        list("worsened", changes.worse)
        if !changes.groups.isEmpty {
            var table = TextTable(["mean change in error", "songs", "change", "95 %"], right: [1, 2])
            for group in changes.groups {
                table.rows.append([
                    "\(group.by): \(group.name)", "\(group.songs)", signed(group.change.estimate), range(group.change),
                ])
            }
            lines += [""] + table.lines()
        }
        return lines + changes.remarks.map { "note: \($0)" }
    }

    private static func signed(_ value: Double, _ digits: Int = 3) -> String {
        (value >= 0 ? "+" : "") + Words.fixed(value, digits)
    }
    private static func range(_ interval: Interval) -> String {
        "[\(Words.fixed(interval.lower, 3)), \(Words.fixed(interval.upper, 3))]"
    }
    private static func p(_ value: Double) -> String {
        value.isNaN ? "" : value < 0.001 ? "<0.001" : Words.fixed(value, 3)
    }
}
