import SentioKit
import SentioNumerics

/// Ratings as a network predicts them: the labels' scale becomes -1...1, as in the Sentio study ((x - 5) / 4 for
/// 1...9).
struct RatingScale: Sendable, Equatable {
    let center: Double
    let halfRange: Double

    init(_ scale: ClosedRange<Double>) {
        center = (scale.lowerBound + scale.upperBound) / 2
        halfRange = (scale.upperBound - scale.lowerBound) / 2
    }

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    init(_ config: ModelConfig) throws {
        center = try config.number("center", in: -1e30...1e30)
        halfRange = try config.number("half_range", in: 1e-30...1e30)
    }

    /// Lowest and highest possible rating.
    var range: ClosedRange<Double> { center - halfRange...center + halfRange }

    func scaled(_ ratings: Matrix) -> [Float] { ratings.values.map { Float(($0 - center) / halfRange) } }

    /// Songs × dimensions, in rating units.
    func ratings(_ predictions: [Double], dimensions: Int) -> Matrix {
        Matrix(
            rows: predictions.count / dimensions, columns: dimensions,
            values: predictions.map { center + halfRange * $0 })
    }

    /// For `config.json`.
    var value: Value { ["center": .double(center), "half_range": .double(halfRange)] }
}
