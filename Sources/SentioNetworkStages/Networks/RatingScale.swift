import SentioKit
import SentioNumerics

/// Ratings as a network predicts them: the labels' scale becomes -1...1, as in the Sentio study ((x - 5) / 4 for
/// 1...9). Each dimension may have its own scale.
struct RatingScale: Sendable, Equatable {
    /// Of the first dimension, and of all where they share one scale.
    let center: Double
    /// Half the range of the first dimension: the unit of parameters that are given in rating units.
    let halfRange: Double
    /// Where scales differ: center and half range of each dimension. Otherwise empty.
    private let own: [Line]

    private struct Line: Sendable, Equatable {
        let center: Double
        let halfRange: Double

        init(center: Double, halfRange: Double) { (self.center, self.halfRange) = (center, halfRange) }

        init(_ scale: ClosedRange<Double>) {
            self.init(
                center: (scale.lowerBound + scale.upperBound) / 2,
                halfRange: (scale.upperBound - scale.lowerBound) / 2)
        }
    }

    /// One scale for all dimensions.
    init(_ scale: ClosedRange<Double>) { self.init([scale]) }

    /// The scale of each dimension.
    /// - precondition: there is at least one.
    init(_ scales: [ClosedRange<Double>]) {
        let first = Line(scales[0])
        (center, halfRange) = (first.center, first.halfRange)
        own = Set(scales).count > 1 ? scales.map { Line($0) } : []
    }

    private func line(_ dimension: Int) -> (center: Double, halfRange: Double) {
        own.isEmpty ? (center, halfRange) : (own[dimension].center, own[dimension].halfRange)
    }

    /// Songs × dimensions, row after row.
    func scaled(_ ratings: Matrix) -> [Float] {
        ratings.values.enumerated().map { index, rating in
            let (center, halfRange) = line(index % ratings.columns)
            return Float((rating - center) / halfRange)
        }
    }

    /// The inverse of `value`.
    /// - throws: `ModelFault` naming what is missing or out of range.
    init(_ config: ModelConfig, dimensions: Int) throws {
        func numbers(_ name: String, in range: ClosedRange<Double>) throws -> [Double] {
            if config.entries[name]?.list == nil { return [try config.number(name, in: range)] }
            let list = try config.numbers(name, in: range)
            guard list.count == dimensions else { throw config.fault(name, needs: "\(dimensions) numbers") }
            return list
        }
        let centers = try numbers("center", in: -1e30...1e30), halves = try numbers("half_range", in: 1e-30...1e30)
        guard centers.count == halves.count else { throw config.fault("half_range", needs: "as many as in `center`") }
        (center, halfRange) = (centers[0], halves[0])
        own = centers.count > 1 ? zip(centers, halves).map { Line(center: $0, halfRange: $1) } : []
    }

    /// Lowest and highest possible rating of the first dimension.
    var range: ClosedRange<Double> { center - halfRange...center + halfRange }

    /// Songs × dimensions, in rating units.
    func ratings(_ predictions: [Double], dimensions: Int) -> Matrix {
        Matrix(
            rows: predictions.count / dimensions, columns: dimensions,
            values: predictions.enumerated().map { index, prediction in
                let (center, halfRange) = line(index % dimensions)
                return center + halfRange * prediction
            })
    }

    /// The half range of a dimension in units of the first one's.
    func relativeRange(_ dimension: Int) -> Double { line(dimension).halfRange / halfRange }

    /// For `config.json`: two numbers, or two lists where the dimensions' scales differ.
    var value: Value {
        guard !own.isEmpty else { return ["center": .double(center), "half_range": .double(halfRange)] }
        return [
            "center": .list(own.map { .double($0.center) }), "half_range": .list(own.map { .double($0.halfRange) }),
        ]
    }
}
