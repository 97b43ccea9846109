import SentioKit
import SentioNumerics

/// Reads ratings over time as DEAM publishes them: one table per dimension, with `song_id` and one column per time,
/// `sample_15000ms`, on a scale from -1 to 1. An empty cell is a time without a rating.
struct DynamicRatings {
    /// The scale of DEAM's annotation tool (Aljanaki, Yang, Soleymani 2017).
    static let scale = -1.0...1.0

    let dimensions: [String]
    let names: ColumnNames
    /// By dimension, song and millisecond.
    private var ratings: [[String: [Int: Double]]]

    init(dimensions: [String], names: ColumnNames) {
        self.dimensions = dimensions
        self.names = names
        ratings = dimensions.map { _ in [:] }
    }

    /// Reads the table of one dimension.
    /// - parameter place: the index of the dimension.
    /// - parameter faults: collects the problems of the file.
    mutating func read(_ file: TableFile, dimension place: Int, _ faults: inout DatasetFaults) {
        var found = file.faults
        defer { faults.add(found, of: file.path, opening: "The ratings over time cannot be used") }
        let table = file.table
        guard !table.columns.isEmpty else { return }
        guard let id = table.column(names.song(among: table.columns)) else {
            return found.add("there is no column `\(names[ColumnNames.song])`", line: file.headerLine, at: nil)
        }
        var columns: [(place: Int, time: Int)] = []
        for (column, name) in table.columns.enumerated() where column != id {
            guard let time = Self.milliseconds(name) else {
                found.add(
                    "the column `\(Excerpt.text(name))` is not a time such as `sample_15000ms`",
                    line: file.headerLine, at: file.place(ofHeader: column))
                continue
            }
            columns.append((column, time))
        }
        if columns.isEmpty || Set(columns.map(\.time)).count < columns.count {
            found.add(
                columns.isEmpty ? "there is no column of a time, such as `sample_15000ms`" : "a time has two columns",
                line: file.headerLine, at: nil)
        }
        var lines: [String: Int] = [:]
        for (row, (cells, line)) in zip(table.rows, table.lines).enumerated() {
            let song = cells[id]
            if let problem = SongID.problem(song) {
                found.add(problem, line: line, at: file.place(row: row, column: id))
                continue
            }
            if let first = lines[song] {
                found.add(
                    "song \(song) is rated a second time (first in line \(first))", line: line,
                    at: file.place(row: row, column: id))
                continue
            }
            lines[song] = line
            for column in columns {
                let cell = cells[column.place]
                guard let number = NumberCell.read(cell) else {
                    found.add(
                        "song \(song): \(table.columns[column.place]) is `\(Excerpt.text(cell))`, not a number",
                        line: line, at: file.place(row: row, column: column.place))
                    continue
                }
                if number.isNaN { continue }
                guard Self.scale.contains(number) else {
                    found.add(
                        "song \(song): \(table.columns[column.place]) is \(cell), outside the scale from -1 to 1",
                        line: line, at: file.place(row: row, column: column.place))
                    continue
                }
                ratings[place][song, default: [:]][column.time] = number
            }
        }
    }
    /// `sample_15000ms` as 15000; nil for any other name.
    static func milliseconds(_ name: String) -> Int? {
        guard name.hasPrefix("sample_"), name.hasSuffix("ms"), name.count > "sample_ms".count else { return nil }
        let digits = name.dropFirst("sample_".count).dropLast("ms".count)
        guard digits.count <= 9, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(digits)
    }

    /// Every song of the tables, whether rated in all dimensions or only in some.
    var songs: Set<String> { ratings.reduce(into: []) { $0.formUnion($1.keys) } }

    /// The ratings of a song at the times at which every dimension is rated; nil if there are none.
    func series(of song: String) -> TimeSeries? {
        let own = ratings.map { $0[song] ?? [:] }
        let times = (own.first ?? [:]).keys.filter { time in own.allSatisfy { $0[time] != nil } }.sorted()
        guard !times.isEmpty else { return nil }
        let values = times.flatMap { time in own.map { $0[time] ?? 0 } }
        return TimeSeries(
            times: times.map { Double($0) / 1000 },
            values: Matrix(rows: times.count, columns: dimensions.count, values: values))
    }
}
