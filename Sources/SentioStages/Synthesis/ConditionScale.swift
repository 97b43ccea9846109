import SentioKit
import SentioNumerics

/// Ratings as a generator and its critic take them in: on a line, and back.
struct ConditionScale: Sendable, Equatable {
    /// One a dimension, in rating units.
    let center: [Double]
    let spread: [Double]

    /// The rating scale becomes -1...1, as in the Sentio study.
    init(_ bounds: ClosedRange<Double>, dimensions: Int) {
        center = Array(repeating: (bounds.lowerBound + bounds.upperBound) / 2, count: dimensions)
        spread = Array(repeating: (bounds.upperBound - bounds.lowerBound) / 2, count: dimensions)
    }

    /// By mean and deviation of the training songs' ratings: they then weigh as much as the noise does.
    init(standardising ratings: Matrix) {
        let columns = (0..<ratings.columns).map { ratings.column($0) }
        let means = columns.map { $0.reduce(0, +) / Double(max(1, $0.count)) }
        center = means
        spread = zip(columns, means).map { column, mean in
            let deviation = (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, column.count))).squareRoot()
            return deviation > 0 ? deviation : 1
        }
    }

    func scaled(_ ratings: some Collection<Double>) -> [Double] { zip(ratings, zip(center, spread)).map { ($0 - $1.0) / $1.1 } }
    func ratings(_ scaled: some Collection<Double>) -> [Double] { zip(scaled, zip(center, spread)).map { $1.0 + $1.1 * $0 } }

    /// For `config.json`.
    var value: Value { ["center": .list(center.map { .double($0) }), "spread": .list(spread.map { .double($0) })] }

    /// Nil for anything else.
    init?(_ value: Value?, dimensions: Int) {
        guard let center = value?["center"]?.list?.compactMap(\.double), let spread = value?["spread"]?.list?.compactMap(\.double),
            center.count == dimensions, spread.count == dimensions, spread.allSatisfy({ $0 > 0 && $0.isFinite }),
            center.allSatisfy(\.isFinite)
        else { return nil }
        (self.center, self.spread) = (center, spread)
    }
}
