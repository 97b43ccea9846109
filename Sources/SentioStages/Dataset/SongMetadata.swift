import SentioKit

/// What is known of songs beside their ratings: artist, genre and whatever columns the file has.
struct SongMetadata: Equatable {
    var columns: [String] = []
    /// Cells by song id, one a column.
    var cells: [String: [String]] = [:]
    /// The line of its table that each song's row came from, and which of `paths` that is.
    var lines: [String: Int] = [:]
    var tables: [String: Int] = [:]
    /// The tables' files.
    var paths: [String] = []

    /// `metadata.csv:12`.
    func place(_ song: String) -> String? {
        guard let line = lines[song] else { return nil }
        return "\(paths[tables[song] ?? 0]):\(line)"
    }

    /// Reads a `metadata.csv`: `song_id` and any other columns.
    /// - parameter reserved: names of columns that the labels have already.
    /// - parameter log: hears what was taken for the separator of the table.
    /// - throws: `StageFailure` with file and line.
    init(_ bytes: [UInt8], path: String, reserved: [String], log: (String) -> Void = { _ in }) throws {
        let file = try TableFile(bytes, path: path), table = file.table
        file.noteFormat(log)
        paths = [path]
        guard let id = table.column("song_id") else {
            throw StageFailure("\(path):1: there is no column `song_id`. The table has \(IDList.text(table.columns)).")
        }
        if let clash = table.columns.first(where: { reserved.contains($0) && $0 != "song_id" }) {
            throw StageFailure(
                "\(path):1: the column `\(clash)` has the name of a \(clash == SongTable.sourceColumn ? "column of the united dataset" : "rating"). Rename it."
            )
        }
        if let empty = table.columns.firstIndex(of: "") {
            throw StageFailure("\(path):1: column \(empty + 1) has no name.")
        }
        let others = table.columns.indices.filter { $0 != id }
        columns = others.map { table.columns[$0] }
        for (number, (row, line)) in zip(table.rows, table.lines).enumerated() {
            if let damaged = row.firstIndex(where: { $0.utf8.contains(0) }) {
                throw StageFailure(
                    "\(file.place(row: number, column: damaged)): song \(Excerpt.text(row[id])): \(table.columns[damaged]) is `\(Excerpt.text(row[damaged]))`, which holds a NUL byte (`\\0`); the file is damaged, so copy or export it again."
                )
            }
            // A spreadsheet writes rows of nothing below its last.
            if row.allSatisfy(\.isEmpty) { continue }
            lines[row[id]] = line
            guard cells.updateValue(others.map { row[$0] }, forKey: row[id]) == nil else {
                throw StageFailure(
                    "\(file.place(row: number, column: id)): song \(Excerpt.text(row[id])) stands in the table a second time.")
            }
        }
    }

    init() {}
}
