/// The metrics of one scoring stage. Names of the form `group.measure`, with `low` and `high` beside them, become a
/// table with intervals; on a narrow terminal the least important measures are dropped first.
struct MetricTable {
    /// The name of the stage; if it scores another stage, `blend: score`.
    let title: String
    let metrics: [String: Double]
    let width: Int?

    private static let titles = [
        ("r2", "R2"), ("rmse", "RMSE"), ("mae", "MAE"), ("pearson", "Pearson"), ("ccc", "CCC"),
    ]
    private static let measures = titles.map(\.0)

    /// Nil if the stage's metrics are not scores.
    var lines: [String]? { fitted.map { $0.table.lines(width: width) } }

    /// Columns that were dropped because the terminal is too narrow.
    var hidden: [String] { fitted?.hidden ?? [] }

    private var fitted: (table: TextTable, hidden: [String])? {
        let groups = groups
        guard !groups.isEmpty else { return nil }
        let choices: [(measures: [String], withInterval: Bool)] = [
            (Self.measures, true), (["r2", "rmse", "ccc"], true), (["r2", "ccc"], true), (Self.measures, false),
            (["r2", "ccc"], false),
        ]
        let tables = choices.map { table(groups, $0.measures, withInterval: $0.withInterval) }
        let place = width.map { width in tables.firstIndex { $0.width <= width } ?? tables.count - 1 } ?? 0,
            chosen = choices[place]
        let hidden =
            Self.titles.filter { !chosen.measures.contains($0.0) }.map(\.1) + (chosen.withInterval ? [] : ["intervals"])
        return (tables[place], hidden)
    }

    private func table(_ groups: [String], _ measures: [String], withInterval: Bool) -> TextTable {
        let titles = Self.titles.filter { measures.contains($0.0) }.map(\.1)
        var table = TextTable([title] + titles, right: Set(1...measures.count))
        for group in groups {
            table.rows.append(
                [group] + Self.measures.filter(measures.contains).map { cell("\(group).\($0)", withInterval) })
        }
        return table
    }

    /// Groups with at least three measures, mean-predictor rows last; scaled metrics are in the record only.
    private var groups: [String] {
        var found: Set<String> = []
        for name in metrics.keys {
            let parts = name.split(separator: ".")
            if let measure = parts.last, parts.count >= 2, Self.measures.contains(String(measure)) {
                found.insert(parts.dropLast().joined(separator: "."))
            }
        }
        func rank(_ text: String) -> Int { text.contains("baseline") ? 1 : 0 }
        return found.filter { group in Self.measures.count { metrics["\(group).\($0)"] != nil } >= 3 }
            .sorted { (rank($0), $0) < (rank($1), $1) }
    }

    private func cell(_ name: String, _ withInterval: Bool) -> String {
        guard let value = metrics[name] else { return "" }
        guard withInterval, let low = metrics[name + ".low"], let high = metrics[name + ".high"] else {
            return Words.fixed(value, 3)
        }
        return "\(Words.fixed(value, 3)) [\(Words.fixed(low, 2)), \(Words.fixed(high, 2))]"
    }
}
