import SentioKit
import SentioNumerics
import SentioSongStages

/// Columns of a table as numbers, parsed once for all songs, because every fold reads them.
struct SongMatrix {
    let matrix: Matrix
    private let position: [String: Int]

    /// - throws: `StageFailure` for a column that is missing or a cell that is not a finite number.
    init(_ table: InputTable, columns: [String]) throws {
        let songs = table.ids
        matrix = try table.matrix(for: songs, columns: columns)
        position = Dictionary(
            songs.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    func contains(_ song: String) -> Bool { position[song] != nil }

    /// Songs × columns, in their order.
    /// - precondition: the table has them.
    func rows(_ songs: [String]) -> Matrix {
        matrix.selecting(
            rows: songs.map { song in
                guard let row = position[song] else { preconditionFailure("No song \(song).") }
                return row
            })
    }

    /// The mean of each column.
    /// - precondition: the table has the songs, and there is at least one.
    func means(of songs: [String]) -> [Double] {
        let rows = rows(songs)
        return (0..<rows.columns).map { rows.column($0).reduce(0, +) / Double(rows.rows) }
    }
}
