import SentioKit

/// What is known of songs beside their ratings: artist, genre and whatever columns the file has.
struct SongMetadata: Equatable {
    var columns: [String] = []
    /// Cells by song id, one a column.
    var cells: [String: [String]] = [:]

    /// Reads a `metadata.csv`: `song_id` and any other columns.
    /// - parameter reserved: names of columns that the labels have already.
    /// - throws: `StageFailure` with file and line.
    init(_ bytes: [UInt8], path: String, reserved: [String]) throws {
        let table = try TableFile.read(bytes, path: path)
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
        for (row, line) in zip(table.rows, table.lines) {
            guard cells.updateValue(others.map { row[$0] }, forKey: row[id]) == nil else {
                throw StageFailure("\(path):\(line): song \(Excerpt.text(row[id])) stands in the table a second time.")
            }
        }
    }

    init() {}
}
