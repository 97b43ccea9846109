package import SentioKit
package import SentioNumerics

/// The table `residuals`: ratings of training songs beside predictions by fits without them.
package struct ResidualTable: Equatable {
    /// The columns of a dimension.
    private static func rated(_ dimension: String) -> String { "\(dimension)_rated" }
    private static func predicted(_ dimension: String) -> String { "\(dimension)_predicted" }

    /// Ratings, songs × dimensions.
    package let truth: Matrix
    /// Predictions, songs × dimensions.
    package let predictions: Matrix

    /// The table of these songs, one row each.
    /// - parameter folds: the fold of each song.
    /// - parameter distances: how far each song is from those of the other folds; nil where that is not known.
    package static func make(
        songs: [String], folds: [Int], dimensions: [String], truth: Matrix, predicted: Matrix, distances: [Double]?
    ) -> Table {
        let columns = ["song_id", "fold"] + (distances == nil ? [] : ["distance"])
        let rows = songs.enumerated().map { row, song -> [String] in
            [song, "\(folds[row])"] + (distances.map { ["\($0[row])"] } ?? [])
                + dimensions.indices.flatMap { ["\(truth[row, $0])", "\(predicted[row, $0])"] }
        }
        return Table(columns: columns + dimensions.flatMap { [Self.rated($0), Self.predicted($0)] }, rows: rows)
    }

    /// Reads a table that `make` wrote; nil where it lacks a dimension or a number.
    package init?(_ table: Table, dimensions: [String]) {
        var truth: [Double] = [], predictions: [Double] = []
        let columns = dimensions.compactMap { dimension -> (Int, Int)? in
            guard let rated = table.column(Self.rated(dimension)),
                let predicted = table.column(Self.predicted(dimension))
            else { return nil }
            return (rated, predicted)
        }
        guard columns.count == dimensions.count else { return nil }
        for row in table.rows {
            for (rated, predicted) in columns {
                guard let one = Double(row[rated]), let other = Double(row[predicted]), one.isFinite, other.isFinite
                else { return nil }
                truth.append(one)
                predictions.append(other)
            }
        }
        self.truth = Matrix(rows: table.rows.count, columns: dimensions.count, values: truth)
        self.predictions = Matrix(rows: table.rows.count, columns: dimensions.count, values: predictions)
    }
}
