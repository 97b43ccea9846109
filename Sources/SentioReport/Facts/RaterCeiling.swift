/// What listeners' disagreement allows: a mean over a few raters is itself uncertain, and no model can predict its
/// noise.
///
/// Error variance of a song's mean rating: spread² / raters. The best R² is 1 - mean error variance / variance of the
/// ratings; for a model that knows the true means exactly, Pearson's r is its root and CCC is 2 v / (2 v + e) with v
/// the variance left of the ratings' and e the error variance.
public struct RaterCeiling: Sendable, Equatable {
    public let dimension: String
    public let songs: Int
    public let r2: Double
    public let pearson: Double
    public let ccc: Double
    public let raters: Double

    /// DEAM's and PMEmo's songs have about ten raters each; the number is not in their tables.
    public static let usualRaters = 10.0

    /// nil where fewer than two of the songs have a spread, or the ratings do not vary.
    public init?(dimension: String, songs: [String], truth: [Double], facts: SongFacts, raters: Double = usualRaters) {
        let known = zip(songs, truth).compactMap { song, truth in
            facts.spread(dimension, of: song).map { (truth: truth, spread: $0) }
        }
        guard known.count >= 2, raters > 0 else { return nil }
        let count = Double(known.count), mean = known.reduce(0) { $0 + $1.truth } / count
        let variance = known.reduce(0) { $0 + ($1.truth - mean) * ($1.truth - mean) } / count
        let error = known.reduce(0) { $0 + $1.spread * $1.spread } / count / raters
        // Data that a program made have no raters.
        guard variance > 0, error > 0 else { return nil }
        self.dimension = dimension
        self.songs = known.count
        self.raters = raters
        r2 = max(0, 1 - error / variance)
        pearson = r2.squareRoot()
        ccc = 2 * r2 / (2 * r2 + error / variance)
    }
}
