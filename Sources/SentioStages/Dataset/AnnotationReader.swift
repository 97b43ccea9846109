import Foundation
import SentioKit

/// Reads ratings: `song_id` and, for each dimension, `<dimension>_mean` and perhaps `<dimension>_std`. Other columns are
/// ignored (DEAM's file of full songs has many). Every problem names file, line and song, and all are told at once.
struct AnnotationReader {
    let dimensions: [String]
    let scale: ClosedRange<Double>

    /// The songs in the order of the files.
    /// - throws: `StageFailure`.
    func read(_ files: [(path: String, bytes: [UInt8])]) throws -> [RatedSong] {
        var songs: [RatedSong] = []
        var places: [String: String] = [:]
        var problems: [String] = []
        for file in files {
            let table = try TableFile.read(file.bytes, path: file.path)
            let columns = try columns(of: table, path: file.path)
            for (row, line) in zip(table.rows, table.lines) {
                let place = "\(file.path):\(line)"
                let id = row[columns.id]
                if let problem = SongID.problem(id) {
                    problems.append("\(place): \(problem)")
                    continue
                }
                if let first = places[id] {
                    problems.append("\(place): song \(id) is rated a second time (first in \(first))")
                    continue
                }
                places[id] = place
                var means: [Double] = [], spreads: [String] = []
                for (dimension, column) in zip(dimensions, columns.dimensions) {
                    let cell = row[column.mean]
                    if let mean = rating(cell) {
                        means.append(mean)
                    } else {
                        problems.append("\(place): song \(id): \(problem(with: cell, in: dimension))")
                    }
                    let spread = column.spread.map { row[$0] } ?? ""
                    if !spread.isEmpty, !(Double(spread).map { $0.isFinite && $0 >= 0 } ?? false) {
                        problems.append("\(place): song \(id): \(dimension)_std is `\(Excerpt.text(spread))`, not a number of 0 or more")
                    }
                    spreads.append(spread)
                }
                if means.count == dimensions.count { songs.append(RatedSong(id: id, means: means, spreads: spreads, place: place)) }
            }
        }
        guard problems.isEmpty else {
            let more = problems.count > 10 ? "; and \(problems.count - 10) more" : ""
            throw StageFailure(
                "The ratings cannot be used: \(problems.prefix(10).joined(separator: "; "))\(more). Correct or remove these lines.")
        }
        return songs
    }

    private func rating(_ cell: String) -> Double? {
        guard let number = Double(cell), number.isFinite, scale.contains(number) else { return nil }
        return number
    }

    private func problem(with cell: String, in dimension: String) -> String {
        if cell.isEmpty { return "\(dimension)_mean is empty" }
        guard let number = Double(cell), number.isFinite else { return "\(dimension)_mean is `\(Excerpt.text(cell))`, not a number" }
        return
            "\(dimension)_mean is \(cell), outside the scale from \(NumberText.short(scale.lowerBound)) to \(NumberText.short(scale.upperBound))"
    }

    private func columns(of table: Table, path: String) throws -> (id: Int, dimensions: [(mean: Int, spread: Int?)]) {
        func require(_ name: String) throws -> Int {
            guard let column = table.column(name) else {
                throw StageFailure("\(path):1: there is no column `\(name)`. The table has \(IDList.text(table.columns)).")
            }
            return column
        }
        return (try require("song_id"), try dimensions.map { (try require($0 + "_mean"), table.column($0 + "_std")) })
    }
}

/// A CSV file of the user's, with the file in every sentence.
enum TableFile {
    /// - throws: `StageFailure`.
    static func read(_ bytes: [UInt8], path: String) throws -> Table {
        do {
            return try CSVReader.read(bytes)
        } catch {
            throw StageFailure("\(path):\(error.line): \(error.problem).")
        }
    }
}

/// Text from a stranger's file, short enough for a sentence.
enum Excerpt {
    static func text(_ cell: String) -> String { cell.count > 40 ? cell.prefix(40) + "…" : cell }
}

/// Numbers as people write them.
enum NumberText {
    /// `9` and not `9.0`; otherwise the shortest text that reads back as the same number.
    static func short(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
    /// Rounded to three decimals, for people.
    static func three(_ number: Double) -> String { String(format: "%.3f", locale: nil, number) }
}
