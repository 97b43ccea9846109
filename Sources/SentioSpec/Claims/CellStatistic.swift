import Foundation

/// A statistic over the values of cells. A new one is a case and a line below.
package enum CellStatistic: String, Sendable, CaseIterable {
    case mean, min, max, std, median

    /// nil if there are too few values. `std` is the sample standard deviation.
    package func callAsFunction(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        switch self {
        case .mean: return mean
        case .min: return values.min()
        case .max: return values.max()
        case .median:
            let sorted = values.sorted(), middle = sorted.count / 2
            return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        case .std:
            guard values.count > 1 else { return nil }
            return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
        }
    }
}
