import SentioKit

/// What is known about songs besides their ratings: artist, genre and any other columns of the file.
struct SongMetadata: Equatable {
    var columns: [String] = []
    /// Cells by song id, one per column.
    var cells: [String: [String]] = [:]
    /// The line of its table that each song's row came from, and which of `paths` that is.
    var lines: [String: Int] = [:]
    var tables: [String: Int] = [:]
    /// The tables' files.
    var paths: [String] = []
    /// What the tables were taken to mean.
    var notes: [ReadingNote] = []

    /// `metadata.csv:12`.
    func place(_ song: String) -> String? {
        guard let line = lines[song] else { return nil }
        return "\(paths[tables[song] ?? 0]):\(line)"
    }

    init() {}

    /// Reads a `metadata.csv`: `song_id` and any other columns.
    /// - Parameter reserved: names of columns that the labels already have.
    /// - Parameter names: another name for the column of songs; `option` is the setting that gives it.
    /// - Parameter faults: collects the problems of the file.
    init(
        _ bytes: [UInt8], path: String, reserved: [String], names: ColumnNames = ColumnNames(), option: String,
        _ faults: inout DatasetFaults, log: (String) -> Void
    ) {
        let file = TableFile(bytes, path: path, names: names), table = file.table
        file.noteFormat(log)
        paths = [path]
        var found = file.faults, cures: [String] = []
        defer { faults.add(found, of: path, cures: cures) }
        guard !table.columns.isEmpty else { return }
        var song = names.song(among: table.columns)
        if table.column(song) == nil,
            let assumed = ColumnNames.certain(for: [ColumnNames.song], among: table.columns, dimensions: [])
        {
            song = assumed[0].column
            notes.append(
                ReadingNote(
                    place: "\(path):\(file.headerLine)", text: "the table is read with \(ColumnNames.reading(assumed))",
                    advice: ""))
        }
        for (column, name) in table.columns.enumerated() where reserved.contains(name) && name != song {
            found.add(
                "the column `\(name)` has the name of a "
                    + "\(name == SongTable.sourceColumn ? "column of the combined dataset" : "rating"). Rename it",
                line: file.headerLine, at: file.place(ofHeader: column))
        }
        if let problem = CSVReader.unnamed(table.columns), let column = table.columns.firstIndex(of: "") {
            found.add(problem, line: file.headerLine, at: file.place(ofHeader: column))
        }
        guard let id = table.column(song) else {
            found.add(
                "there is no column `\(song)`. The table has \(IDList.text(table.columns.filter { !$0.isEmpty }))",
                line: file.headerLine,
                at: nil)
            if let guess = ColumnNames.guesses(for: [ColumnNames.song], among: table.columns, dimensions: []).first {
                cures.append(
                    "Rename `\(Excerpt.text(guess.column))` to `\(song)` in the file, or write `--set "
                        + "'\(option)=\(ColumnNames.text([guess]))'`."
                )
            }
            return
        }
        let others = table.columns.indices.filter { $0 != id }
        columns = others.map { table.columns[$0] }
        for (number, (row, line)) in zip(table.rows, table.lines).enumerated() {
            if let damaged = row.firstIndex(where: { $0.utf8.contains(0) }) {
                found.add(
                    "song \(Excerpt.text(row[id])): \(table.columns[damaged]) is `\(Excerpt.text(row[damaged]))`, "
                        + "which holds a NUL byte (`\\0`); the file is damaged, so copy or export it again",
                    line: line, at: file.place(row: number, column: damaged))
            }
            // Spreadsheets write empty rows below the last one.
            if row.allSatisfy(\.isEmpty) { continue }
            if let first = lines[row[id]] {
                found.add(
                    "song \(Excerpt.text(row[id])) is listed a second time (first in line \(first))",
                    line: line,
                    at: file.place(row: number, column: id))
            } else {
                lines[row[id]] = line
                cells[row[id]] = others.map { row[$0] }
            }
        }
    }

    /// Reads ids such as `12.mp3` as `12` if only that names any of these songs.
    mutating func dropExtensions(naming known: Set<String>) {
        guard let plain = SongID.withoutExtensions(cells.keys, naming: known),
            let first = plain.filter({ $0.key != $0.value }).keys.min(by: {
                (lines[$0] ?? 0, $0) < (lines[$1] ?? 0, $1)
            })
        else { return }
        notes.append(
            ReadingNote(
                place: place(first) ?? "",
                text: "the ids end in the extension of an audio file; `\(Excerpt.text(first))` is read as song "
                    + Excerpt.text(plain[first] ?? first), advice: ""))
        func renamed<Content>(_ map: [String: Content]) -> [String: Content] {
            Dictionary(uniqueKeysWithValues: map.map { (plain[$0.key] ?? $0.key, $0.value) })
        }
        cells = renamed(cells)
        lines = renamed(lines)
        tables = renamed(tables)
    }
}
