package import SentioKit

/// Names of recordings in a column of a table, empty for songs without copies.
package enum RecordingNames {
    /// The column of splits and folds that were made with `duplicates`.
    package static let column = "recording"

    /// The name of each song that has one.
    /// - throws: `StageFailure` where there is no such column.
    package static func read(_ table: InputTable, column: String = column) throws -> [String: String] {
        let ids = table.ids, cells = try table.rows(for: ids, columns: [column]).map { $0[0] }
        return Dictionary(zip(ids, cells).filter { !$0.1.isEmpty }, uniquingKeysWith: { first, _ in first })
    }

    /// As `read`, but nil for a table without the column.
    package static func present(in table: InputTable) throws -> [String: String]? {
        table.columns.contains(column) ? try read(table) : nil
    }

    /// For each song that has a name, the sources of the other songs with that name.
    package static func copies(_ names: [String: String], in table: InputTable) -> [String: [ContentHash]] {
        var members: [String: [String]] = [:]
        for (id, name) in names { members[name, default: []].append(id) }
        var copies: [String: [ContentHash]] = [:]
        for ids in members.values where ids.count > 1 {
            for id in ids { copies[id] = ids.filter { $0 != id }.flatMap { table.sources(of: $0) } }
        }
        return copies
    }
}
