import GRDB

/// A sort order of runs: `metrics.test.ccc desc, started`. Runs without a value come last.
public struct RunOrder: Sendable, Equatable {
    struct Key: Sendable, Equatable {
        let field: RunField
        let isDescending: Bool
    }

    let keys: [Key]

    /// Newest runs first, the default.
    public static let newestFirst = RunOrder(keys: [Key(field: .time(.started), isDescending: true)])

    private init(keys: [Key]) { self.keys = keys }

    /// Parses a sort order of at most eight keys.
    /// - Throws: `RunFilterError`.
    public init(_ text: String) throws(RunFilterError) {
        let tokens = try FilterToken.all(in: text)
        var keys: [Key] = [], index = 0
        while true {
            let token = tokens[index]
            guard token.kind == .word else {
                throw RunFilterError(
                    text: text, offset: token.offset, length: token.length,
                    sentence: "Expected a name to sort by, such as `metrics.test.ccc desc`.")
            }
            guard let field = RunField(token.text) else {
                throw RunFilterError(
                    text: text, offset: token.offset, length: token.length, sentence: RunField.unknown(token.text))
            }
            index += 1
            var isDescending = false
            if tokens[index].kind == .word, ["asc", "desc"].contains(tokens[index].text.lowercased()) {
                isDescending = tokens[index].text.lowercased() == "desc"
                index += 1
            }
            keys.append(Key(field: field, isDescending: isDescending))
            if tokens[index].kind == .end { break }
            guard tokens[index].text == ",", keys.count < 8 else {
                throw RunFilterError(
                    text: text, offset: tokens[index].offset, length: tokens[index].length,
                    sentence: keys.count < 8
                        ? "Expected `asc`, `desc` or a comma." : "At most eight sort keys are allowed.")
            }
            index += 1
        }
        self.keys = keys
    }

    /// The joins between `FROM runs` and `WHERE`, and the terms of `ORDER BY`.
    var clauses: (joins: SQLFragment, order: SQLFragment) {
        var joins: [SQLFragment] = [], orders: [SQLFragment] = []
        for (index, key) in keys.enumerated() {
            let column = key.field.value(joinedAs: "k\(index)")
            if let join = column.join { joins.append(join) }
            // A field that is never null can be sorted by an index, if there is one.
            let last = key.field.isNeverNull ? "" : "\(column.sql) IS NULL, "
            orders.append(SQLFragment(sql: "\(last)\(column.sql)\(key.isDescending ? " DESC" : "")"))
        }
        return (
            SQLFragment.joined(joins, by: " "), SQLFragment.joined(orders + [SQLFragment(sql: "number DESC")], by: ", ")
        )
    }
}

extension RunField {
    /// The field as an SQL expression: a column of `runs`, or of a table joined under `alias`. If several stages have
    /// the metric, the last stage counts.
    /// - Parameter runs: restricts the join to these runs, as `IN (…)`; nil for all.
    func value(joinedAs alias: String, among runs: SQLFragment? = nil) -> (sql: String, join: SQLFragment?) {
        func condition(_ column: String) -> SQLFragment {
            runs.map { $0.wrapped(" \(column) ", " AND ") } ?? SQLFragment(sql: " ")
        }
        func joined(_ select: SQLFragment) -> (String, SQLFragment) {
            ("\(alias).value", select.wrapped("LEFT JOIN (", ") \(alias) ON \(alias).run = runs.number"))
        }
        switch self {
        case .text(let column), .number(let column), .time(let column): return ("runs.\(column.rawValue)", nil)
        case .status: return ("runs.status", nil)
        case .flag: return (presence.sql, nil)
        case .tag(let name):
            return joined(
                SQLFragment(sql: "SELECT run, value FROM tags WHERE") + condition("run")
                    + SQLFragment(sql: "name = ?", arguments: [name]))
        case .parameter(let name):
            return joined(
                SQLFragment(sql: "SELECT run, json_extract(value, '$') AS value FROM run_parameters WHERE")
                    + condition("run")
                    + SQLFragment(sql: "name = ?", arguments: [name]))
        case .metric(let name):
            // Start from the few runs and look up their metrics, or from all metrics of that name and look up their
            // runs; SQLite cannot know which is cheaper.
            let from = runs == nil ? "metrics m JOIN stage_executions e" : "stage_executions e CROSS JOIN metrics m"
            let metrics =
                SQLFragment(sql: "SELECT e.run, m.value, e.position FROM \(from) ON e.result = m.result WHERE")
                + condition("e.run")
            let whole = metrics + SQLFragment(sql: "m.name = ?", arguments: [name])
            let ofStages = Self.splits(name).map {
                metrics + SQLFragment(sql: "e.stage = ? AND m.name = ?", arguments: [$0.stage, $0.rest])
            }
            // SQLite takes the other columns from the row with the maximum.
            return joined(
                SQLFragment.joined([whole] + ofStages, by: " UNION ALL ")
                    .wrapped("SELECT run, value, max(position) FROM (", ") GROUP BY run"))
        case .configuration(let name):
            let parts = Self.splits(name).map { stage, rest in
                SQLFragment(
                    sql: """
                        SELECT e.run, json_extract(s.configuration, \(Self.quoted(path: rest))) AS value
                        FROM stage_executions e JOIN stage_results s ON s.id = e.result WHERE
                        """) + condition("e.run") + SQLFragment(sql: "e.stage = ?", arguments: [stage])
            }
            guard !parts.isEmpty else { return ("NULL", nil) }
            return joined(
                SQLFragment.joined(parts, by: " UNION ALL ").wrapped(
                    "SELECT run, max(value) AS value FROM (", ") GROUP BY run"))
        }
    }
}
