import GRDB
public import SentioKit

/// What a query gave.
public struct QueryResult: Sendable, Equatable {
    public let columns: [String]
    /// Whole numbers, numbers, texts and nulls; a blob is its hexadecimal digits.
    public let rows: [[Value]]
}

extension RunStore {
    /// Runs one SQL statement of the user's. It may only read: it is refused otherwise, and the connection could not write.
    /// - parameter limit: at most so many rows.
    /// - throws: `RunStoreError`: `sql` with SQLite's own words, `sqlWrites`.
    public func query(_ sql: String, limit: Int = 1_000_000) throws(RunStoreError) -> QueryResult {
        try read { db in
            do {
                let statement = try db.makeStatement(sql: sql)
                guard statement.isReadonly else { throw RunStoreError.sqlWrites }
                let columns = statement.columnNames
                var rows: [[Value]] = []
                let cursor = try Row.fetchCursor(statement)
                while rows.count < limit, let row = try cursor.next() {
                    rows.append(row.databaseValues.map(Self.value))
                }
                return QueryResult(columns: columns, rows: rows)
            } catch let error as DatabaseError
                where [.SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_AUTH, .SQLITE_RANGE].contains(error.resultCode)
            {
                throw RunStoreError.sql(error.message ?? "SQLite code \(error.resultCode.rawValue)")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
                throw RunStoreError.sqlWrites
            }
        }
    }

    private static func value(_ stored: DatabaseValue) -> Value {
        switch stored.storage {
        case .null: .null
        case .int64(let number): .int(Int(number))
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .blob(let data): .string(data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        }
    }
}
