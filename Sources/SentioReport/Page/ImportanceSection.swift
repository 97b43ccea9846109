import SentioKit

/// The most important features of boosted trees, from their importance tables.
enum ImportanceSection {
    private static let shown = 15

    static func charts(_ run: RunReport, place: Int) -> [Chart] {
        run.artifacts.outputs.filter { $0.manifest.type == "feature-importance" && !$0.stage.contains("@") }.prefix(4)
            .compactMap {
                output in
                guard let table = run.artifacts.table(output), let feature = table.column("feature"),
                    let target = table.column("target"),
                    let gain = table.column("total_gain")
                else { return nil }
                let rows = table.rows.filter { $0[target] == "all" }.compactMap { row in
                    Double(row[gain]).flatMap { $0.isFinite && $0 >= 0 ? (name: row[feature], value: $0) : nil }
                }.sorted { ($1.value, $0.name) < ($0.value, $1.name) }
                let total = rows.reduce(0) { $0 + $1.value }
                guard total > 0, let first = rows.first else { return nil }
                let bars = rows.prefix(shown).map { (name: $0.name, value: 100 * $0.value / total) }
                let half =
                    rows.indices.first { rows[...$0].reduce(0) { $0 + $1.value } >= 0.5 * total }.map { $0 + 1 }
                    ?? rows.count
                return BarChart.chart(
                    title:
                        "\(output.stage): `\(first.name)` accounts for "
                        + "\(Numerals.fixed(100 * first.value / total, 0)) % of the total gain; \(half) of "
                        + "\(Numerals.count(rows.count, "feature")) account for half of it.",
                    measure: "share of the total gain (%)", bars: Array(bars),
                    name: "importance-\(place)-\(ScoreSection.token(output.stage))")
            }
    }
}
