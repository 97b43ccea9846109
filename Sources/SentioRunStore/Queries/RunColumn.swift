import GRDB
public import SentioKit

/// A field of a run as a table column: `metrics.test.ccc`, `params.ratio`, `config.mels.n_mels`, `tags.owner`,
/// `seconds`.
public struct RunColumn: Sendable, Equatable {
    /// The name as the user wrote it.
    public let name: String
    let field: RunField

    /// Parses the name of a field.
    /// - Throws: `RunFilterError` if there is no such field.
    public init(_ name: String) throws(RunFilterError) {
        guard let field = RunField(name) else {
            throw RunFilterError(text: name, offset: 0, length: name.count, sentence: RunField.unknown(name))
        }
        self.init(name: name, field: field)
    }

    init(name: String, field: RunField) {
        self.name = name
        self.field = field
    }
}

extension RunField {
    /// The name as a user writes it; nil for fields that every list of runs shows.
    fileprivate var columnName: String? {
        switch self {
        case .metric(let name): "metrics." + name
        case .parameter(let name): "params." + name
        case .configuration(let name): "config." + name
        case .tag(let name): "tags." + name
        default: nil
        }
    }
}

extension RunFilter {
    /// The fields that the filter tests, in its order: useful columns for the runs that it finds.
    public var columns: [RunColumn] {
        var found: [RunColumn] = []
        func visit(_ expression: Expression) {
            switch expression {
            case .and(let left, let right), .or(let left, let right):
                visit(left)
                visit(right)
            case .not(let inner): visit(inner)
            case .has(let field), .comparison(let field, _, _), .oneOf(let field, _):
                guard let name = field.columnName, !found.contains(where: { $0.name == name }) else { return }
                found.append(RunColumn(name: name, field: field))
            }
        }
        visit(expression)
        return found
    }
}

extension RunOrder {
    /// The fields that the order sorts by, in its order.
    public var columns: [RunColumn] {
        keys.compactMap { key in key.field.columnName.map { RunColumn(name: $0, field: key.field) } }
    }
}

extension RunStore {
    /// The values of columns: one list per column, in the order of the runs; null if a run has no value. If several
    /// stages have a metric, the last stage counts.
    /// - Parameter runs: full ids.
    /// - Throws: `RunStoreError`.
    public func values(_ columns: [RunColumn], of runs: [String]) throws(RunStoreError) -> [[Value]] {
        if columns.isEmpty { return [] }
        let places = Dictionary(
            runs.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        return try read { db in
            // A few runs are looked up one by one; for many, one pass over all rows of the column is cheaper.
            let few = runs.count <= 1000 ? try Self.numbers(of: runs, db) : nil
            let rest = few.map { $0.wrapped(" WHERE runs.number ", "") } ?? SQLFragment(sql: "")
            return try columns.map { column in
                let value = column.field.value(joinedAs: "k", among: few)
                var values = [Value](repeating: .null, count: runs.count)
                let tail = (value.join ?? SQLFragment(sql: "")) + rest
                let rows = try Row.fetchCursor(
                    db, sql: "SELECT runs.id, \(value.sql) FROM runs \(tail.sql)", arguments: tail.arguments)
                while let row = try rows.next() {
                    if let place = places[row[0]] { values[place] = Self.value(row[1]) }
                }
                return values
            }
        }
    }

    /// A condition on a column of run numbers: `IN (…)`.
    private static func numbers(of runs: [String], _ db: Database) throws -> SQLFragment {
        let statement = try db.cachedStatement(sql: "SELECT number FROM runs WHERE id = ?")
        let numbers = try runs.compactMap { try Int.fetchOne(statement, arguments: [$0]) }
        let list = JSON.text(.list(numbers.map(Value.int)))
        return SQLFragment(sql: "IN (SELECT value FROM json_each(?))", arguments: [list])
    }
}
