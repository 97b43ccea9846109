public import SentioNumerics

/// Prediction intervals of one model from its errors on songs that it, or an equal model, was not fitted on.
///
/// An interval of level 0.9 around a rating holds the true rating of at least 90 % of songs like the calibration songs
/// (split-conformal prediction). Its half-width is a quantile of the absolute errors; where errors depend on the
/// predicted ratings so much that it pays, the quantile of errors relative to the `LocalError`, times that of the song.
/// Deterministic.
public struct ConformalIntervals: Sendable, Equatable {
    /// The intervals of a dimension scale with the local error if that makes those of level 0.9 narrower on average by
    /// this share or more. Smaller gains are within the noise of some hundred songs.
    public static let worthwhile = 0.03

    /// Predicted ratings of the calibration songs, songs x dimensions.
    public let predictions: Matrix
    /// Absolute errors of these, songs x dimensions.
    public let errors: Matrix
    /// For each dimension the local error of each calibration song; nil where intervals do not scale with it.
    public let locals: [[Double]?]

    /// Decides for each dimension whether its intervals scale.
    ///
    /// - Parameters:
    ///   - truth: songs x dimensions.
    ///   - predictions: songs x dimensions.
    /// - Throws: `LearnError` for tables that do not match or are empty, NaN or infinity.
    public init(truth: Matrix, predictions: Matrix) throws {
        try TableChecks.requireSameRows(truth, "ratings", predictions, "predictions")
        try TableChecks.requireColumns(predictions, truth.columns, table: "predictions")
        let differences = zip(truth.values, predictions.values).map { ($0 - $1).magnitude }
        let errors = Matrix(rows: truth.rows, columns: truth.columns, values: differences)
        try self.init(
            predictions: predictions, errors: errors,
            locals: try (0..<errors.columns).map { try Self.locals(predictions, errors.column($0)) })
    }

    /// The intervals of a stored calibration.
    ///
    /// - Throws: `LearnError` for tables that do not match or are empty, NaN, infinity or a negative error.
    public init(predictions: Matrix, errors: Matrix, locals: [[Double]?]) throws {
        try TableChecks.requireNotEmpty(errors, table: "errors")
        try TableChecks.requireSameRows(errors, "errors", predictions, "predictions")
        try TableChecks.requireColumns(predictions, errors.columns, table: "predictions")
        try TableChecks.requireFinite(errors, table: "errors")
        try TableChecks.requireFinite(predictions, table: "predictions")
        let isPlausible = locals.allSatisfy { local in
            local.map { values in
                values.count == errors.rows && values.count >= LocalError.fewest
                    && values.allSatisfy { $0 > 0 && $0.isFinite }
            } ?? true
        }
        guard locals.count == errors.columns, isPlausible, errors.values.allSatisfy({ $0 >= 0 }) else {
            throw LearnError.damagedModel(reason: "the errors of its calibration songs are not positive numbers")
        }
        self.predictions = predictions
        self.errors = errors
        self.locals = locals
    }

    /// Which dimensions have intervals that scale with the local error.
    public var areScaled: [Bool] { locals.map { $0 != nil } }

    /// Number of calibration songs.
    public var songs: Int { errors.rows }

    private static func locals(_ predictions: Matrix, _ errors: [Double]) throws -> [Double]? {
        guard errors.count >= LocalError.fewest, errors.contains(where: { $0 > 0 }),
            let plain = ConformalQuantile.of(errors, level: 0.9)
        else { return nil }
        let own = try LocalError(predictions: predictions, errors: errors).ofSongs
        guard own.allSatisfy({ $0 > 0 }),
            let relative = ConformalQuantile.of(zip(errors, own).map { $0 / $1 }, level: 0.9)
        else { return nil }
        let mean = relative * own.reduce(0, +) / Double(own.count)
        return mean <= plain * (1 - Self.worthwhile) ? own : nil
    }

    /// The intervals of each dimension around predicted ratings, songs x dimensions.
    ///
    /// - Returns: for each song the interval of each dimension; nil if there are fewer than
    ///   `ConformalQuantile.needed(level)` calibration songs.
    /// - Throws: `LearnError` for another number of dimensions, NaN or infinity.
    public func around(_ ratings: Matrix, level: Double) throws -> [[ClosedRange<Double>]]? {
        try TableChecks.requireColumns(ratings, errors.columns, table: "ratings")
        try TableChecks.requireFinite(ratings, table: "ratings")
        var halves = Matrix(rows: ratings.rows, columns: ratings.columns)
        for dimension in 0..<errors.columns {
            let own = errors.column(dimension), local = locals[dimension]
            let scores = local.map { zip(own, $0).map { $0 / $1 } } ?? own
            guard let quantile = ConformalQuantile.of(scores, level: level) else { return nil }
            let scale = local == nil ? nil : try LocalError(predictions: predictions, errors: own)
            for song in 0..<ratings.rows {
                halves[song, dimension] = quantile * (scale?.at(Array(ratings.row(song))) ?? 1)
            }
        }
        return (0..<ratings.rows).map { song in
            zip(ratings.row(song), halves.row(song)).map { rating, half in rating - half...rating + half }
        }
    }
}
