import GRDB

/// A piece of SQL with its arguments. User input is always passed as an argument.
struct SQLFragment {
    var sql: String
    var arguments: StatementArguments = []

    static func + (left: SQLFragment, right: SQLFragment) -> SQLFragment {
        SQLFragment(sql: left.sql + right.sql, arguments: left.arguments + right.arguments)
    }

    func wrapped(_ before: String, _ after: String) -> SQLFragment {
        SQLFragment(sql: before + sql + after, arguments: arguments)
    }

    static func joined(_ fragments: [SQLFragment], by separator: String) -> SQLFragment {
        fragments.dropFirst().reduce(fragments.first ?? SQLFragment(sql: "")) { $0 + SQLFragment(sql: separator) + $1 }
    }
}
