import SentioKit

/// How much each song counts, by how much its raters disagreed: 1 / (tau² + std² / raters), the precision of the mean
/// rating as an observation of what a model that errs by tau can know (heteroscedastic regression).
enum RaterNoise {
    /// One weight a song, their mean 1.
    ///
    /// - parameters:
    ///   - tau: in rating units.
    ///   - raters: how many rated each song.
    /// - throws: `StageFailure` where the labels have no spread of a dimension, or a song has none or one below 0.
    static func weights(
        _ labels: InputTable, songs: [String], dimensions: [String], tau: Double, raters: Double
    ) throws -> [Double] {
        let columns = dimensions.map { $0 + "_std" }
        if let missing = columns.first(where: { !labels.columns.contains($0) }) {
            throw StageFailure(
                "`noise_tau` weighs songs by how much raters disagree, and the labels have no column `\(missing)`. "
                    + "Set `noise_tau: null`, or give the dataset its standard deviations."
            )
        }
        let spreads = try labels.rows(for: songs, columns: columns)
        let weights = try zip(songs, spreads).map { song, cells in
            let variances = try zip(columns, cells).map { column, cell in
                guard let spread = NumberCell.present(cell), spread >= 0 else {
                    throw StageFailure(
                        "`noise_tau` weighs songs by how much raters disagree, and the \(column) of song \(song) is "
                            + "`\(Excerpt.text(cell))`. Set `noise_tau: null`, or leave the song out."
                    )
                }
                return spread * spread
            }
            return 1 / (tau * tau + variances.reduce(0, +) / Double(variances.count) / raters)
        }
        let mean = weights.reduce(0, +) / Double(max(1, weights.count))
        return weights.map { $0 / mean }
    }
}
