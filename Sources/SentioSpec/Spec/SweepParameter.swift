import Foundation
package import SentioKit

/// A parameter of a sweep: values to choose from, or a range to draw from.
public struct SweepParameter: Sendable {
    /// How values are drawn from a range. Names as in W&B.
    public enum Distribution: String, Sendable, CaseIterable {
        /// Real numbers.
        case uniform
        /// Uniform in the logarithm; `min` and `max` are values, as in W&B's `log_uniform_values`.
        case logUniform = "log_uniform"
        /// W&B's name for the same.
        case logUniformValues = "log_uniform_values"
        /// Whole numbers, both ends included.
        case integers = "int_uniform"
        /// `min` plus multiples of `q`.
        case steps = "q_uniform"
    }

    /// A range to draw from.
    package struct Range: Sendable, Equatable {
        /// `min:`, included.
        package let low: Double
        /// `max:`, included.
        package let high: Double
        /// `distribution:`.
        package let distribution: Distribution
        /// `q:`, only for `q_uniform`.
        package let step: Double?
    }

    /// What the values of a parameter can be.
    package enum Domain: Sendable, Equatable {
        /// Values to choose from.
        case values([Value])
        /// A range to draw from.
        case range(Range)
    }

    /// `ratio`, or `ast.learning_rate`.
    public let name: String
    /// Its possible values.
    package let domain: Domain
    /// The values with their origins and spellings.
    var nodes: [SpecNode] = []
    package let origin: SpecOrigin

    /// Number of different values; nil if they are drawn from a continuous range.
    package var count: Int? {
        switch domain {
        case .values(let values): values.count
        case .range(let range):
            switch range.distribution {
            case .integers: Int(exactly: range.high - range.low).map { $0 + 1 }
            case .steps:
                range.step.flatMap { Int(exactly: ((range.high - range.low) / $0).rounded(.down)) }.map { $0 + 1 }
            default: nil
            }
        }
    }

    /// The value at a point of the unit interval: the quantile function.
    /// - Parameter point: in 0..<1.
    package func setting(at point: Double) -> SweepSetting {
        switch domain {
        case .values(let values):
            let index = min(values.count - 1, Int(point * Double(values.count)))
            let node = nodes.indices.contains(index) ? nodes[index] : nil
            return SweepSetting(
                name: name, value: values[index], origin: .cell(node?.origin.location), written: node?.written)
        case .range(let range):
            return SweepSetting(name: name, value: range.value(at: point), origin: .cell(origin.location))
        }
    }
}

extension SweepParameter.Range {
    func value(at point: Double) -> Value {
        switch distribution {
        case .uniform: return .double(bounded(low + point * (high - low)))
        case .logUniform, .logUniformValues: return .double(bounded(exp(log(low) + point * (log(high) - log(low)))))
        case .integers: return .int(Int(saturating: low + min((point * (high - low + 1)).rounded(.down), high - low)))
        case .steps:
            let step = step ?? 1, steps = ((high - low) / step).rounded(.down)
            let value = low + min((point * (steps + 1)).rounded(.down), steps) * step
            return Int(exactly: step) != nil && Int(exactly: low) != nil ? .int(Int(value)) : .double(bounded(value))
        }
    }

    /// Rounded to six significant digits, as people write such numbers, and clamped to the range.
    private func bounded(_ value: Double) -> Double {
        return min(high, max(low, Double(String(format: "%.6g", value)) ?? value))
    }
}
