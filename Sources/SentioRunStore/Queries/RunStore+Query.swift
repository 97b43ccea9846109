import Dispatch
import Foundation
import GRDB
public import SentioKit
import Synchronization

/// The result of an SQL query.
public struct QueryResult: Sendable, Equatable {
    /// Column names.
    public let columns: [String]
    /// Rows of integers, floating-point numbers, texts and nulls; blobs are hexadecimal digits.
    public let rows: [[Value]]
    /// Whether the row limit cut off the result.
    public var isTruncated = false
}

extension RunStore {
    /// Runs one SQL statement of the user: `SELECT`, `WITH`, `VALUES` or `EXPLAIN`. The connection is read-only, and
    /// statements that would write are refused.
    /// - Parameter limit: maximum number of rows.
    /// - Parameter seconds: timeout.
    /// - Throws: `RunStoreError`: `sql` with SQLite's message, `unknownTable`, `sqlWrites`, `tooSlow`.
    public func query(_ sql: String, limit: Int = 1_000_000, seconds: Double = 60) throws(RunStoreError) -> QueryResult
    {
        let isOver = Mutex(false)
        do {
            guard Self.reads(sql) else { throw RunStoreError.sqlWrites }
            let connection = try readingConnection()
            let timer = DispatchSource.makeTimerSource()
            timer.schedule(deadline: .now() + seconds)
            timer.setEventHandler {
                isOver.withLock { $0 = true }
                connection.interrupt()
            }
            timer.activate()
            defer { timer.cancel() }
            return try connection.read { db in
                let statement = try db.makeStatement(sql: sql)
                guard statement.isReadonly else { throw RunStoreError.sqlWrites }
                var rows: [[Value]] = [], isTruncated = false
                let cursor = try Row.fetchCursor(statement)
                while let row = try cursor.next() {
                    isTruncated = rows.count >= limit
                    if isTruncated { break }
                    rows.append(row.databaseValues.map(Self.value))
                }
                return QueryResult(columns: statement.columnNames, rows: rows, isTruncated: isTruncated)
            }
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_INTERRUPT where isOver.withLock({ $0 }): throw .tooSlow(seconds: seconds)
            case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_AUTH, .SQLITE_RANGE, .SQLITE_TOOBIG:
                throw userError(error.message ?? "SQLite code \(error.resultCode.rawValue)")
            case .SQLITE_READONLY: throw .sqlWrites
            default: throw RunStoreError(error, path: path)
            }
        } catch { throw RunStoreError(error, path: path) }
    }

    /// A separate read-only connection, or the only connection of a store that is opened exclusively.
    private func readingConnection() throws -> any DatabaseReader {
        if isExclusive { return pool }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: location, configuration: configuration)
    }

    /// Whether the first keyword of a statement is that of a query. SQLite itself also counts `ATTACH` and `PRAGMA` as
    /// read-only.
    static func reads(_ sql: String) -> Bool {
        var rest = Substring(sql)
        while true {
            rest = rest.drop { $0.isWhitespace }
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = rest.firstRange(of: "*/") else { return true }
                rest = rest[end.upperBound...]
            } else {
                break
            }
        }
        let word = rest.prefix { $0.isLetter }.uppercased()
        return ["SELECT", "WITH", "VALUES", "EXPLAIN"].contains(word) || word.isEmpty || !known.contains(word)
    }

    /// Keywords of statements that change something. Any other unknown keyword is left to SQLite, whose message names
    /// it.
    private static let known: Set<String> = [
        "ALTER", "ANALYZE", "ATTACH", "BEGIN", "COMMIT", "CREATE", "DELETE", "DETACH", "DROP", "END", "INSERT",
        "PRAGMA", "REINDEX",
        "RELEASE", "REPLACE", "ROLLBACK", "SAVEPOINT", "UPDATE", "VACUUM",
    ]

    static func value(_ stored: DatabaseValue) -> Value {
        switch stored.storage {
        case .null: .null
        case .int64(let number): .int(Int(number))
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .blob(let data): .string(hexadecimal(data))
        }
    }

    private static func hexadecimal(_ data: Data) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: data.count * 2) { buffer in
            for (place, byte) in data.enumerated() {
                buffer[place * 2] = digits[Int(byte >> 4)]
                buffer[place * 2 + 1] = digits[Int(byte & 15)]
            }
            return data.count * 2
        }
    }

    /// Translates SQLite's or GRDB's message about the user's SQL.
    private func userError(_ message: String) -> RunStoreError {
        if message.hasPrefix("Multiple statements") {
            return .sql("it has more than one statement; run one at a time")
        }
        let prefix = "no such table: "
        if message.hasPrefix(prefix) {
            let name = String(message.dropFirst(prefix.count))
            let known = try? read { db in
                try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'")
            }
            // Most users first type `runs` for `v_runs`.
            return .unknownTable(
                name, nearest: known?.first { $0 == "v_" + name } ?? Suggestion.nearest(to: name, among: known ?? []))
        }
        return .sql(message.last == "." ? String(message.dropLast()) : message)
    }
}
