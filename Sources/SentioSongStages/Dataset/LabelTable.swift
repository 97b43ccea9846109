package import SentioKit
package import SentioNumerics

/// Reads numbers from text tables; every error names port, song and column.
package enum LabelTable {
    /// The rated dimensions of labels.
    package static func dimensions(_ attributes: [String: Value]) -> [String] {
        let named = attributes["dimensions"]?.list?.compactMap(\.string) ?? []
        return named.isEmpty ? ["valence", "arousal"] : named
    }

    /// The rating scale of labels.
    /// - throws: `StageFailure` if the labels have none.
    package static func scale(_ attributes: [String: Value], port: InputPort) throws -> ClosedRange<Double> {
        let bounds = attributes["scale"]?.list?.compactMap(\.double) ?? []
        guard bounds.count == 2, bounds[0] < bounds[1] else {
            throw StageFailure(
                "The labels on `\(port)` have no scale: the attribute `scale` [low, high] is missing.")
        }
        return bounds[0]...bounds[1]
    }

    /// Cells as numbers: songs × columns.
    /// - throws: `StageFailure` for a cell that is not a finite number.
    package static func matrix(_ cells: [[String]], songs: [String], columns: [String], port: InputPort) throws
        -> Matrix
    {
        var values: [Double] = []
        values.reserveCapacity(cells.count * columns.count)
        for (song, row) in zip(songs, cells) {
            for (column, cell) in zip(columns, row) {
                guard let number = NumberCell.present(cell) else {
                    throw StageFailure(
                        "The table on `\(port)` has `\(Excerpt.text(cell))` as the \(column) of song \(song), which "
                            + "is not a number."
                    )
                }
                values.append(number)
            }
        }
        return Matrix(rows: cells.count, columns: columns.count, values: values)
    }
}

extension InputTable {
    /// The cells of songs as numbers, songs × columns; the songs are recorded in the stage's ledger.
    /// - throws: `StageFailure` for a missing song or column, or a cell that is not a finite number.
    package func matrix(for songs: [String], columns: [String]) throws -> Matrix {
        try LabelTable.matrix(try rows(for: songs, columns: columns), songs: songs, columns: columns, port: port)
    }
}
