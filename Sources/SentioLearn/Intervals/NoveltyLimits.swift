/// How far from the training songs a song may be before it counts as unlike them.
public struct NoveltyLimits: Sendable, Equatable, Codable {
    /// The most that `TrainingSpread.Distance.overall` may be.
    public let overall: Double
    /// The most that `TrainingSpread.Distance.largest` may be.
    public let largest: Double

    /// Limits of these values.
    public init(overall: Double, largest: Double) {
        self.overall = overall
        self.largest = largest
    }

    /// For models that do not know the distances of their own training songs. Measured against the other songs of their
    /// dataset, 2 of 496 songs by 164 features and 1.2 % of 1,532 songs by 130 features exceed 2.5, and none 150 (116
    /// at most). Silence, noise, clicks and pure tones have at least 2.9.
    public static let usual = NoveltyLimits(overall: 2.5, largest: 150)

    /// A new song like the training songs exceeds these limits with a probability of about 1 %: the overall distance
    /// by the conformal quantile of the training songs' own, which were measured without them; with fewer than 99
    /// songs, and for a single feature, it is the farthest of them.
    ///
    /// - Parameter distances: of each training song from training songs that do not include it.
    /// - Returns: nil without songs.
    public init?(outOfFold distances: [TrainingSpread.Distance]) {
        guard let farthest = distances.map(\.overall).max(), let largest = distances.map(\.largest).max() else {
            return nil
        }
        self.init(
            overall: ConformalQuantile.of(distances.map(\.overall), level: 0.99) ?? farthest, largest: largest)
    }

    /// Whether a song is unlike the training songs.
    public func isExceeded(by distance: TrainingSpread.Distance) -> Bool {
        distance.overall > overall || distance.largest > largest
    }
}
