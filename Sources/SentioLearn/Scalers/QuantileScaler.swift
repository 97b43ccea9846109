import Foundation
public import SentioNumerics

/// Maps each column through its training distribution to a normal one (`quantile`).
///
/// As scikit-learn's `QuantileTransformer(output_distribution="normal", subsample=None)`: a value's rank is read from
/// `levels` training quantiles by linear interpolation, from both sides so that ties get their middle rank, and
/// turned into a normal quantile, cut at +-5.2. Default 1000 levels, at most one a training song.
public struct QuantileScaler: Scaler {
    public static let name = "quantile"
    public static let defaultLevels = 1000

    /// Row c is column c's training quantiles at levels 0, 1/(q-1), ..., 1; ascending. features x q.
    public let quantiles: Matrix

    public static func fit(_ features: Matrix) throws -> QuantileScaler {
        try fit(features, levels: defaultLevels)
    }

    /// - Throws: also `LearnError.badParameter` for fewer than 2 levels, `.tooFewRows` for a single song.
    public static func fit(_ features: Matrix, levels: Int) throws -> QuantileScaler {
        guard levels >= 2 else {
            throw LearnError.badParameter(name: "levels", value: "\(levels)", allowed: "at least 2")
        }
        try requireUsable(features)
        guard features.rows >= 2 else {
            throw LearnError.tooFewRows(method: "The quantile scaler", rows: features.rows, needed: 2)
        }
        let count = min(levels, features.rows)
        var quantiles: [Double] = []
        for column in 0..<features.columns {
            let sorted = features.column(column).sorted()
            var highest = -Double.infinity
            for index in 0..<count {
                // Rounding in the interpolation must not break the order.
                highest = max(highest, Quantile.ofSorted(sorted, Double(index) / Double(count - 1)))
                quantiles.append(highest)
            }
        }
        return QuantileScaler(quantiles: Matrix(rows: features.columns, columns: count, values: quantiles))
    }

    public var featureCount: Int { quantiles.rows }
    public var line: ScalerLine? { nil }

    public func transform(_ features: Matrix) throws -> Matrix {
        let count = quantiles.columns
        return try quantiles.withUnsafeValues { all in
            try mapColumns(features) { value, column in
                guard !value.isNaN else { return value }
                let reference = UnsafeBufferPointer(rebasing: all[column * count..<(column + 1) * count])
                return NormalDistribution.boundedQuantile(Self.rank(of: value, in: reference))
            }
        }
    }

    public func validate() throws {
        if quantiles.columns < 2 {
            throw LearnError.damagedModel(reason: "the quantile scaler has \(quantiles.columns) levels")
        }
        for feature in 0..<quantiles.rows {
            let row = quantiles.row(feature)
            if !row.allSatisfy(\.isFinite) || zip(row, row.dropFirst()).contains(where: { $0 > $1 }) {
                throw LearnError.damagedModel(reason: "the quantiles of feature \(feature) are not ascending numbers")
            }
        }
    }

    /// The value's place among ascending quantiles, 0...1: the mean of the interpolation from below and from above.
    static func rank(of value: Double, in reference: UnsafeBufferPointer<Double>) -> Double {
        let last = reference.count - 1
        if value <= reference[0] { return 0 }
        if value >= reference[last] { return 1 }
        // First index above the value, and first index not below it.
        let above = firstIndex(in: reference) { $0 > value }
        let notBelow = firstIndex(in: reference) { $0 >= value }
        let step = 1 / Double(last)
        func interpolate(_ lower: Int) -> Double {
            let width = reference[lower + 1] - reference[lower]
            return step * (Double(lower) + (width > 0 ? (value - reference[lower]) / width : 0))
        }
        return 0.5 * (interpolate(above - 1) + interpolate(notBelow - 1))
    }

    private static func firstIndex(
        in reference: UnsafeBufferPointer<Double>, where isAfter: (Double) -> Bool
    ) -> Int {
        var (low, high) = (0, reference.count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(reference[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
