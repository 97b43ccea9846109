import Foundation
import SentioNumerics

/// Maps the training distribution of each column to a normal distribution (`quantile`).
///
/// Like scikit-learn's `QuantileTransformer(output_distribution="normal", subsample=None)`: the rank of a value is
/// interpolated linearly between training quantiles, from both sides so that ties get their middle rank. The result is
/// the normal quantile of that rank, clipped at ±5.2.
struct QuantileScaler: Scaler {
    static let name = "quantile"

    /// Features x q. Row c holds the training quantiles of column c at levels 0, 1/(q-1), ..., 1, ascending.
    let quantiles: Matrix

    /// Uses at most as many levels as there are songs.
    ///
    /// - Throws: `LearnError` for an empty table, NaN or infinity, fewer than 2 levels, or a single song.
    static func fit(_ features: Matrix, levels: Int) throws -> QuantileScaler {
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
                // Rounding in the interpolation could break the order.
                highest = max(highest, Quantile.ofSorted(sorted, Double(index) / Double(count - 1)))
                quantiles.append(highest)
            }
        }
        return QuantileScaler(quantiles: Matrix(rows: features.columns, columns: count, values: quantiles))
    }

    var featureCount: Int { quantiles.rows }
    var line: ScalerLine? { nil }

    func transform(_ features: Matrix) throws -> Matrix {
        let count = quantiles.columns
        return try quantiles.withUnsafeValues { all in
            try mapColumns(features) { value, column in
                guard !value.isNaN else { return value }
                let reference = UnsafeBufferPointer(rebasing: all[column * count..<(column + 1) * count])
                return NormalDistribution.boundedQuantile(Self.rank(of: value, in: reference))
            }
        }
    }

    func validate() throws {
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

    /// The rank of a value among ascending quantiles, 0...1: the mean of the interpolation from below and from above.
    static func rank(of value: Double, in reference: UnsafeBufferPointer<Double>) -> Double {
        let last = reference.count - 1
        if value <= reference[0] { return 0 }
        if value >= reference[last] { return 1 }
        // The first index above the value, and the first index not below it.
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
