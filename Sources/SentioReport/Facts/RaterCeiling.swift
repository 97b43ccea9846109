/// The rater-noise ceiling: the mean over a few raters is itself uncertain, and no model can predict that noise.
///
/// The error variance of a song's mean rating is spread² / raters. The best R² is 1 - mean error variance / variance of
/// the ratings. For a model that predicts the true means exactly, Pearson's r is the root of this R², and CCC is
/// 2 v / (2 v + e), where e is the error variance and v the remaining variance of the ratings.
struct RaterCeiling: Equatable {
    let dimension: String
    let songs: Int
    let r2: Double
    let pearson: Double
    let ccc: Double
    let raters: Double

    /// Songs in DEAM and PMEmo have about ten raters each; their tables do not contain the number.
    static let usualRaters = 10.0

    /// nil if fewer than two of the songs have a spread or the ratings do not vary.
    init?(dimension: String, songs: [String], truth: [Double], facts: SongFacts, raters: Double = usualRaters) {
        let known = zip(songs, truth).compactMap { song, truth in
            facts.spread(dimension, of: song).map { (truth: truth, spread: $0) }
        }
        guard known.count >= 2, raters > 0 else { return nil }
        let count = Double(known.count), mean = known.reduce(0) { $0 + $1.truth } / count
        let variance = known.reduce(0) { $0 + ($1.truth - mean) * ($1.truth - mean) } / count
        let error = known.reduce(0) { $0 + $1.spread * $1.spread } / count / raters
        // Synthetic data have no rater noise.
        guard variance > 0, error > 0 else { return nil }
        self.dimension = dimension
        self.songs = known.count
        self.raters = raters
        r2 = max(0, 1 - error / variance)
        pearson = r2.squareRoot()
        ccc = 2 * r2 / (2 * r2 + error / variance)
    }
}
