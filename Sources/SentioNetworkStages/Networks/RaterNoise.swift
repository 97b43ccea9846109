import SentioKit

/// Song weights that account for rater disagreement: 1 / (tau² + std² / raters), the precision of the mean rating as
/// seen by a model whose own error is tau (heteroscedastic regression).
enum RaterNoise {
    /// One weight per song, with mean 1.
    ///
    /// - parameters:
    ///   - tau: in rating units.
    ///   - raters: number of raters per song.
    ///   - scale: where dimensions have different scales, spreads count in units of the first dimension's.
    /// - throws: `StageFailure` if the labels lack the standard deviation of a dimension, or a song's is missing or
    ///   negative.
    static func weights(
        _ labels: InputTable, songs: [String], dimensions: [String], tau: Double, raters: Double, scale: RatingScale
    ) throws -> [Double] {
        let columns = dimensions.map { $0 + "_std" }
        if let missing = columns.first(where: { !labels.columns.contains($0) }) {
            throw StageFailure(
                "`noise_tau` weights songs by rater disagreement, but the labels have no column `\(missing)`. Set "
                    + "`noise_tau: null`, or add the standard deviations to the dataset."
            )
        }
        let spreads = try labels.rows(for: songs, columns: columns)
        let weights = try zip(songs, spreads).map { song, cells in
            let variances = try zip(columns, cells).enumerated().map { place, pair in
                let (column, cell) = pair
                guard let found = NumberCell.present(cell), found >= 0 else {
                    throw StageFailure(
                        "`noise_tau` weights songs by rater disagreement, but the \(column) of song \(song) is "
                            + "`\(Excerpt.text(cell))`. Set `noise_tau: null`, or leave the song out."
                    )
                }
                let spread = found / scale.relativeRange(place)
                return spread * spread
            }
            return 1 / (tau * tau + variances.reduce(0, +) / Double(variances.count) / raters)
        }
        let mean = weights.reduce(0, +) / Double(max(1, weights.count))
        return weights.map { $0 / mean }
    }
}
