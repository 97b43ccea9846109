import SentioBase
import SentioKit

/// Reads ratings: `song_id` and, for each dimension, `<dimension>_mean` and perhaps `<dimension>_std`. Other columns are
/// ignored (DEAM's file of full songs has many). Every problem names file, line and song, and all are told at once.
struct AnnotationReader {
    let dimensions: [String]
    let scale: ClosedRange<Double>

    /// The songs in the order of the files.
    /// - parameter log: hears what was taken for the separator of a table.
    /// - throws: `StageFailure`.
    func read(_ files: [(path: String, bytes: [UInt8])], log: (String) -> Void = { _ in }) throws -> [RatedSong] {
        var songs: [RatedSong] = []
        var places: [String: String] = [:]
        var problems: [String] = [], count = 0
        for file in files {
            let file = try TableFile(file.bytes, path: file.path), table = file.table
            file.noteFormat(log)
            let columns = try columns(of: file)
            for (number, (row, line)) in zip(table.rows, table.lines).enumerated() {
                let place = "\(file.path):\(line)"
                let id = row[columns.id]
                func add(_ column: Int, _ problem: String) {
                    count += 1
                    if problems.count < 10 { problems.append("\(file.place(row: number, column: column)): \(problem)") }
                }
                if let problem = SongID.problem(id) {
                    add(columns.id, problem)
                    continue
                }
                if let first = places[id] {
                    add(columns.id, "song \(id) is rated a second time (first in \(first))")
                    continue
                }
                places[id] = place
                var means: [Double] = [], spreads: [String] = []
                for (dimension, column) in zip(dimensions, columns.dimensions) {
                    let cell = row[column.mean]
                    if let mean = rating(cell) {
                        means.append(mean)
                    } else {
                        add(column.mean, "song \(id): \(problem(with: cell, in: dimension))")
                    }
                    let spread = column.spread.map { row[$0] } ?? ""
                    if let column = column.spread, !spread.isEmpty {
                        let number = NumberCell.present(spread)
                        if number == nil { add(column, "song \(id): \(dimension)_std is \(NumberCell.fault(spread))") }
                        if let number, number < 0 { add(column, "song \(id): \(dimension)_std is `\(spread)`, not a number of 0 or more") }
                    }
                    spreads.append(spread)
                }
                if means.count == dimensions.count { songs.append(RatedSong(id: id, means: means, spreads: spreads, place: place)) }
            }
        }
        guard problems.isEmpty else {
            let more = count > problems.count ? "; and \(count - problems.count) more" : ""
            throw StageFailure(
                "The ratings cannot be used: \(problems.joined(separator: "; "))\(more). Correct or remove these lines.")
        }
        return songs
    }

    private func rating(_ cell: String) -> Double? {
        guard let number = NumberCell.present(cell), scale.contains(number) else { return nil }
        return number
    }

    private func problem(with cell: String, in dimension: String) -> String {
        if cell.isEmpty { return "\(dimension)_mean is empty" }
        guard NumberCell.present(cell) != nil else { return "\(dimension)_mean is \(NumberCell.fault(cell))" }
        return
            "\(dimension)_mean is \(cell), outside the scale from \(NumberText.short(scale.lowerBound)) to \(NumberText.short(scale.upperBound))"
    }

    private func columns(of file: TableFile) throws -> (id: Int, dimensions: [(mean: Int, spread: Int?)]) {
        let table = file.table
        func require(_ name: String) throws -> Int {
            guard let column = table.column(name) else {
                let needed = ["song_id"] + dimensions.map { $0 + "_mean" }
                throw StageFailure(
                    "\(file.path):1: there is no column `\(name)`. The table has \(IDList.text(table.columns)); a table of ratings needs \(needed.joined(separator: ", "))."
                )
            }
            return column
        }
        return (try require("song_id"), try dimensions.map { (try require($0 + "_mean"), table.column($0 + "_std")) })
    }
}
