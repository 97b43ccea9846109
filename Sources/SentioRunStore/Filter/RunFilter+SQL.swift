import GRDB

extension RunFilter {
    /// The filter as a condition on rows of `runs`.
    var condition: SQLFragment { Self.condition(expression) }

    private static func condition(_ expression: Expression) -> SQLFragment {
        switch expression {
        case .and(let left, let right):
            (condition(left) + SQLFragment(sql: " AND ") + condition(right)).wrapped("(", ")")
        case .or(let left, let right): (condition(left) + SQLFragment(sql: " OR ") + condition(right)).wrapped("(", ")")
        // Every condition is 0 or 1, never NULL, so NOT inverts it.
        case .not(let inner): condition(inner).wrapped("NOT ", "")
        case .has(let field): field.presence
        case .comparison(let field, let comparison, let literal): field.condition(comparison, literal)
        case .oneOf(let field, let literals):
            SQLFragment.joined(literals.map { field.condition(.equal, $0) }, by: " OR ").wrapped("(", ")")
        }
    }
}

extension RunField {
    /// The condition that the run has a value for this field.
    var presence: SQLFragment {
        switch self {
        case .metric: runs(where: SQLFragment(sql: "m.value IS NOT NULL"))
        case .parameter, .configuration, .tag: runs(where: SQLFragment(sql: "1"))
        case .text(let column), .number(let column), .time(let column):
            SQLFragment(sql: "(runs.\(column.rawValue) IS NOT NULL)")
        case .status: SQLFragment(sql: "1")
        case .flag(.dirty): SQLFragment(sql: "(runs.git_dirty IS 1)")
        case .flag(.tainted): SQLFragment(sql: "EXISTS (SELECT 1 FROM tainted_stages x WHERE x.run = runs.number)")
        }
    }

    func condition(_ comparison: RunFilter.Comparison, _ literal: FilterLiteral) -> SQLFragment {
        switch (self, literal) {
        case (.flag, .bool(let flag)):
            return (comparison == .equal) == flag ? presence : presence.wrapped("NOT ", "")
        case (.time(let column), .time(let start, let end)):
            return Self.time("runs.\(column.rawValue)", comparison, start, end)
        case (.text(let column), .text(let text)) where column == .commit && comparison == .equal:
            // A commit may be abbreviated to any prefix.
            return SQLFragment(
                sql: "(runs.git_commit IS NOT NULL AND ? <> '' AND instr(runs.git_commit, ?) = 1)",
                arguments: [text, text])
        case (.text(let column), .text(let text)): return Self.plain("runs.\(column.rawValue)", comparison, text)
        case (.status, .text(let text)): return Self.plain("runs.status", comparison, text)
        case (.number(let column), .number(let number)):
            return Self.plain("runs.\(column.rawValue)", comparison, number)
        case (.metric, .number(let number)): return runs(where: Self.inner("m.value", comparison, number))
        case (.tag, .number(let number)):
            // Tags are text; one that starts like a number is compared as a number.
            return runs(
                where: Self.inner("CAST(t.value AS REAL)", comparison, number).wrapped(
                    "t.value GLOB '[-+.0-9]*' AND ", ""))
        case (.tag, .bool(let flag)): return runs(where: Self.inner("t.value", comparison, flag ? "true" : "false"))
        case (.tag, .text(let text)): return runs(where: Self.inner("t.value", comparison, text))
        case (.parameter, _): return runs(where: Self.json("p.value", path: "'$'", comparison, literal))
        case (.configuration, _): return runs { Self.json("s.configuration", path: $0, comparison, literal) }
        default: return SQLFragment(sql: "0")
        }
    }

    /// The condition that a run has a row of this field's name that satisfies `condition`. It is evaluated in one pass
    /// over all rows of that name rather than once per run.
    private func runs(where condition: SQLFragment) -> SQLFragment { runs { _ in condition } }

    /// - Parameter make: builds the condition, given the JSON path in a stage's configuration (empty for other fields).
    private func runs(where make: (_ path: String) -> SQLFragment) -> SQLFragment {
        let condition = make("")
        switch self {
        case .metric(let name):
            let whole = SQLFragment(
                sql: "SELECT e.run FROM metrics m JOIN stage_executions e ON e.result = m.result WHERE m.name = ? AND ",
                arguments: [name])
            let ofStages = Self.splits(name).map { stage, rest in
                SQLFragment(
                    sql: """
                        SELECT e.run FROM metrics m JOIN stage_executions e ON e.result = m.result WHERE e.stage = ? AND m.name = ? AND
                        """ + " ", arguments: [stage, rest])
            }
            return SQLFragment.joined(([whole] + ofStages).map { $0 + condition }, by: " UNION ALL ").wrapped(
                "runs.number IN (", ")")
        case .parameter(let name):
            let head = SQLFragment(
                sql: "runs.number IN (SELECT p.run FROM run_parameters p WHERE p.name = ? AND ", arguments: [name])
            return head + condition.wrapped("", ")")
        case .tag(let name):
            let head = SQLFragment(
                sql: "runs.number IN (SELECT t.run FROM tags t WHERE t.name = ? AND ", arguments: [name])
            return head + condition.wrapped("", ")")
        case .configuration(let name):
            let parts = Self.splits(name).map { stage, rest in
                let path = Self.quoted(path: rest)
                return SQLFragment(
                    sql: """
                        SELECT e.run FROM stage_executions e JOIN stage_results s ON s.id = e.result
                        WHERE e.stage = ? AND json_type(s.configuration, \(path)) IS NOT NULL AND
                        """ + " ", arguments: [stage]) + make(path)
            }
            guard !parts.isEmpty else { return SQLFragment(sql: "0") }
            return SQLFragment.joined(parts, by: " UNION ALL ").wrapped("runs.number IN (", ")")
        default: return condition
        }
    }

    /// All ways to split a name into stage and metric: `score.test.ccc` is `score` and `test.ccc`, or `score.test` and
    /// `ccc`.
    static func splits(_ name: String) -> [(stage: String, rest: String)] {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        // Stage names have few parts; nobody writes names with a hundred dots.
        return (1..<max(1, min(parts.count, 12))).map {
            (parts[..<$0].joined(separator: "."), parts[$0...].joined(separator: "."))
        }
    }

    /// A path for SQLite's JSON functions, as a quoted SQL string.
    static func quoted(path name: String) -> String {
        let member = name.filter { $0 != "\"" && $0 != "\0" }.replacing("'", with: "''")
        return "'$.\"\(member)\"'"
    }

    private static func plain(
        _ column: String, _ comparison: RunFilter.Comparison, _ value: some DatabaseValueConvertible
    ) -> SQLFragment {
        SQLFragment(sql: "(\(column) \(comparison.sql) ?) IS TRUE", arguments: [value]).wrapped("(", ")")
    }

    /// A condition for a subquery's `WHERE`, where NULL counts as false. In this form an index on the value can be
    /// used.
    private static func inner(
        _ column: String, _ comparison: RunFilter.Comparison, _ value: some DatabaseValueConvertible
    ) -> SQLFragment {
        SQLFragment(sql: "(\(column) \(comparison.sql) ?)", arguments: [value])
    }

    private static func json(
        _ column: String, path place: String, _ comparison: RunFilter.Comparison, _ literal: FilterLiteral
    )
        -> SQLFragment
    {
        let type = "json_type(\(column), \(place))", content = "json_extract(\(column), \(place))"
        switch literal {
        case .number(let number):
            return inner(content, comparison, number).wrapped("\(type) IN ('integer', 'real') AND ", "")
        case .bool(let flag):
            return inner(type, comparison, flag ? "true" : "false").wrapped("\(type) IN ('true', 'false') AND ", "")
        case .text(let text): return inner(content, comparison, text).wrapped("\(type) = 'text' AND ", "")
        case .time: return SQLFragment(sql: "0")
        }
    }

    private static func time(_ column: String, _ comparison: RunFilter.Comparison, _ start: Double, _ end: Double)
        -> SQLFragment
    {
        switch comparison {
        case .equal: SQLFragment(sql: "((\(column) >= ? AND \(column) < ?) IS TRUE)", arguments: [start, end])
        case .unequal: SQLFragment(sql: "((\(column) < ? OR \(column) >= ?) IS TRUE)", arguments: [start, end])
        case .less: SQLFragment(sql: "((\(column) < ?) IS TRUE)", arguments: [start])
        case .atMost: SQLFragment(sql: "((\(column) < ?) IS TRUE)", arguments: [max(start.nextUp, end)])
        case .more: SQLFragment(sql: "((\(column) >= ?) IS TRUE)", arguments: [max(start.nextUp, end)])
        case .atLeast: SQLFragment(sql: "((\(column) >= ?) IS TRUE)", arguments: [start])
        case .like: SQLFragment(sql: "0")
        }
    }
}

extension RunFilter.Comparison {
    var sql: String { self == .unequal ? "<>" : self == .like ? "LIKE" : rawValue }
}
