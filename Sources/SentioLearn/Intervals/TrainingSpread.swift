public import SentioNumerics

/// Where the training songs lie in each feature, and how far from them another song is.
///
/// The distance of a song is the root mean square over features of its standardized values, each limited to
/// ±`TrainingSpread.reach`: about 1 for an ordinary song, whatever the number of features. The limit keeps a single
/// heavy-tailed feature of an ordinary song from outweighing all others.
public struct TrainingSpread: Sendable, Equatable, Codable {
    /// Standardized values count up to this many standard deviations.
    public static let reach = 10.0

    /// The mean of each feature.
    public let centers: [Double]
    /// The standard deviation of each feature; 0 for one that does not vary, which is then ignored.
    public let deviations: [Double]

    /// - Precondition: equally many centers and deviations.
    public init(centers: [Double], deviations: [Double]) {
        precondition(centers.count == deviations.count, "Every feature needs a center and a deviation.")
        self.centers = centers
        self.deviations = deviations
    }

    /// Mean and standard deviation (ddof 0) of each column of songs x features; missing values (NaN) are ignored.
    public init(of features: Matrix) {
        var centers: [Double] = [], deviations: [Double] = []
        for column in 0..<features.columns {
            let values = features.column(column).filter(\.isFinite), share = 1 / Double(max(1, values.count))
            let center = values.reduce(0) { $0 + $1 * share }
            let variance = values.reduce(0) { $0 + ($1 - center) * ($1 - center) * share }
            let deviation = variance.squareRoot()
            // Below this a column is constant up to rounding.
            let rounding = 1e-12 * center.magnitude
            centers.append(center)
            deviations.append(deviation > rounding && deviation.isFinite ? deviation : 0)
        }
        self.init(centers: centers, deviations: deviations)
    }

    /// Whether the numbers of a file can be those of a spread over this many features.
    public func isValid(features: Int) -> Bool {
        centers.count == features && deviations.count == features && centers.allSatisfy(\.isFinite)
            && deviations.allSatisfy { $0 >= 0 && $0.isFinite }
    }

    /// How many standard deviations each feature of a song is from its mean; 0 for a missing value.
    public func standardized(_ song: [Double]) -> [Double] {
        song.indices.map { feature in
            guard deviations[feature] > 0, !song[feature].isNaN else { return 0 }
            return (song[feature] - centers[feature]) / deviations[feature]
        }
    }

    /// The distances of a song from standardized values.
    public static func distance(ofStandardized values: [Double]) -> Distance {
        guard !values.isEmpty else { return Distance(overall: 0, largest: 0) }
        let sum = values.reduce(0) { sum, value in
            let bounded = min(value.magnitude, reach)
            return sum + bounded * bounded
        }
        return Distance(
            overall: (sum / Double(values.count)).squareRoot(), largest: values.map(\.magnitude).max() ?? 0)
    }

    /// How far a song is from the training songs.
    public struct Distance: Sendable, Equatable {
        /// Root mean square of the limited standardized values.
        public let overall: Double
        /// The largest standardized value, not limited.
        public let largest: Double

        /// Distances of these values.
        public init(overall: Double, largest: Double) {
            self.overall = overall
            self.largest = largest
        }
    }

    /// The distance of each row of songs x features.
    ///
    /// - Throws: `LearnError.columnMismatch` for another number of columns.
    public func distances(_ features: Matrix) throws -> [Distance] {
        try TableChecks.requireColumns(features, centers.count, table: "features")
        return (0..<features.rows).map { Self.distance(ofStandardized: standardized(Array(features.row($0)))) }
    }
}
