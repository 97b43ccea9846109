package import SentioKit
package import SentioNumerics

/// Reads numbers from text tables; every error names port, song and column.
package enum LabelTable {
    /// The rated dimensions of labels.
    package static func dimensions(_ attributes: [String: Value]) -> [String] {
        let named = attributes["dimensions"]?.list?.compactMap(\.string) ?? []
        return named.isEmpty ? ["valence", "arousal"] : named
    }

    /// The attribute that holds a scale per dimension, where they differ; otherwise `scale` holds the common one.
    private static let scalesAttribute = "scales"
    /// The attributes that say what the numbers of labels are.
    package static let ratingAttributes: Set<String> = ["scale", scalesAttribute, "dimensions"]

    /// The rating scale that all dimensions of labels share.
    /// - throws: `StageFailure` if the labels have none, or several.
    package static func scale(_ attributes: [String: Value], port: InputPort) throws -> ClosedRange<Double> {
        if attributes[scalesAttribute] != nil {
            throw StageFailure(
                "The labels on `\(port)` have a scale for each of \(IDList.all(dimensions(attributes))), and this kind "
                    + "needs one scale for all. Give the dataset stage `targets` without scales, and their common "
                    + "`scale`.")
        }
        guard let scale = range(attributes["scale"]) else {
            throw StageFailure(
                "The labels on `\(port)` have no scale: the attribute `scale` [low, high] is missing.")
        }
        return scale
    }

    /// The scale of each dimension of labels, in their order.
    /// - throws: `StageFailure` if the labels lack one.
    package static func scales(_ attributes: [String: Value], port: InputPort) throws -> [ClosedRange<Double>] {
        let dimensions = dimensions(attributes)
        guard let list = attributes[scalesAttribute]?.list else {
            let scale = try scale(attributes, port: port)
            return dimensions.map { _ in scale }
        }
        let scales = list.compactMap(range)
        guard scales.count == list.count, scales.count == dimensions.count else {
            throw StageFailure(
                "The labels on `\(port)` have no scale for some dimension: the attribute `scales` needs one [low, "
                    + "high] for each of \(IDList.all(dimensions)).")
        }
        return scales
    }

    /// The range of each dimension's scale relative to that of the first one; empty where all have one scale, or none
    /// is stored.
    package static func units(_ attributes: [String: Value]) -> [Double] {
        let scales = attributes[scalesAttribute]?.list?.compactMap(range) ?? []
        guard let first = scales.first, scales.count == dimensions(attributes).count else { return [] }
        return scales.map { ($0.upperBound - $0.lowerBound) / (first.upperBound - first.lowerBound) }
    }

    /// The attributes that say which scales the dimensions have.
    package static func attributes(of scales: [ClosedRange<Double>]) -> [String: Value] {
        func value(_ scale: ClosedRange<Double>) -> Value { [.double(scale.lowerBound), .double(scale.upperBound)] }
        guard Set(scales).count > 1 else { return scales.first.map { ["scale": value($0)] } ?? [:] }
        return [scalesAttribute: .list(scales.map(value))]
    }

    private static func range(_ value: Value?) -> ClosedRange<Double>? {
        let bounds = value?.list?.compactMap(\.double) ?? []
        guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
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
