import Dispatch
import Foundation
import GRDB
public import SentioKit
import Synchronization

/// What a query gave.
public struct QueryResult: Sendable, Equatable {
    public let columns: [String]
    /// Whole numbers, numbers, texts and nulls; a blob is its hexadecimal digits.
    public let rows: [[Value]]
    /// Whether there were more rows than asked for.
    public var isCut = false
}

extension RunStore {
    /// Runs one SQL statement of the user's: `SELECT`, `WITH`, `VALUES` or `EXPLAIN`. It may only read: anything else
    /// is refused, on a connection of its own that is open for reading only.
    /// - parameter limit: at most so many rows.
    /// - parameter seconds: it is stopped after so long.
    /// - throws: `RunStoreError`: `sql` with SQLite's own words, `sqlWrites`, `tooSlow`.
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
                var rows: [[Value]] = [], isCut = false
                let cursor = try Row.fetchCursor(statement)
                while let row = try cursor.next() {
                    isCut = rows.count >= limit
                    if isCut { break }
                    rows.append(row.databaseValues.map(Self.value))
                }
                return QueryResult(columns: statement.columnNames, rows: rows, isCut: isCut)
            }
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_INTERRUPT where isOver.withLock({ $0 }): throw .tooSlow(seconds: seconds)
            case .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_AUTH, .SQLITE_RANGE, .SQLITE_TOOBIG:
                throw wrong(error.message ?? "SQLite code \(error.resultCode.rawValue)")
            case .SQLITE_READONLY: throw .sqlWrites
            default: throw RunStoreError(error, path: path)
            }
        } catch { throw RunStoreError(error, path: path) }
    }

    /// One of its own; of a store that is opened alone, the only one.
    private func readingConnection() throws -> any DatabaseReader {
        if isAlone { return pool }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: location, configuration: configuration)
    }

    /// Whether the statement begins as one that only reads. SQLite itself takes `ATTACH` and `PRAGMA` for such, too.
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

    /// Statements that change something; any other first word is left to SQLite, whose message names it.
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

    /// What SQLite and GRDB say of the user's SQL, in words that fit a user.
    private func wrong(_ message: String) -> RunStoreError {
        if message.hasPrefix("Multiple statements") {
            return .sql("there is more than one statement; give one at a time")
        }
        let prefix = "no such table: "
        if message.hasPrefix(prefix) {
            let name = String(message.dropFirst(prefix.count))
            let known = try? read { db in
                try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'")
            }
            // `runs` for `v_runs` is what everybody types first.
            return .unknownTable(
                name, nearest: known?.first { $0 == "v_" + name } ?? Suggestion.nearest(to: name, among: known ?? []))
        }
        return .sql(message.last == "." ? String(message.dropLast()) : message)
    }
}
