public import SentioNumerics

/// How large the errors of a model are near a prediction: the mean absolute error of the songs whose predicted ratings
/// are nearest, half of the overall mean added. It scales conformal intervals where errors differ across the ratings.
///
/// The nearest are found in all predicted dimensions together, each divided by its standard deviation. There are
/// `max(10, round(1.5 sqrt(n)))` of them; of equally near ones, the first count. Deterministic.
public struct LocalError: Sendable {
    private let predictions: Matrix
    private let errors: [Double]
    private let deviations: [Double]
    private let neighbors: Int
    private let floor: Double

    /// The fewest songs among which neighbors say more than chance.
    public static let fewest = 50

    /// - Parameters:
    ///   - predictions: songs x dimensions.
    ///   - errors: the absolute error of each song in one dimension.
    /// - Throws: `LearnError` for other lengths, NaN or infinity, or fewer than `fewest` songs.
    public init(predictions: Matrix, errors: [Double]) throws {
        try TableChecks.requireSameRows(predictions, "predictions", Matrix(column: errors), "errors")
        try TableChecks.requireFinite(predictions, table: "predictions")
        try TableChecks.requireFinite(Matrix(column: errors), table: "errors")
        guard errors.count >= Self.fewest else {
            throw LearnError.tooFewRows(method: "A local error", rows: errors.count, needed: Self.fewest)
        }
        self.predictions = predictions
        self.errors = errors
        let spread = TrainingSpread(of: predictions)
        deviations = spread.deviations.map { $0 > 0 ? $0 : 1 }
        neighbors = max(10, Int((1.5 * Double(errors.count).squareRoot()).rounded()))
        floor = errors.reduce(0, +) / Double(errors.count) / 2
    }

    /// The local error at predicted ratings.
    public func at(_ ratings: [Double]) -> Double { local(ratings, without: nil) }

    /// The local error at each of the songs, from the other songs.
    public var ofSongs: [Double] { errors.indices.map { local(Array(predictions.row($0)), without: $0) } }

    private func local(_ ratings: [Double], without own: Int?) -> Double {
        var found: [(distance: Double, song: Int)] = []
        for song in errors.indices where song != own {
            let distance = ratings.indices.reduce(0.0) { sum, dimension in
                let step = (predictions[song, dimension] - ratings[dimension]) / deviations[dimension]
                return sum + step * step
            }
            found.append((distance, song))
        }
        let nearest = found.sorted { ($0.distance, $0.song) < ($1.distance, $1.song) }.prefix(neighbors)
        return floor + nearest.reduce(0) { $0 + errors[$1.song] } / Double(max(1, nearest.count))
    }
}
