import Foundation
public import SentioKit

/// A parameter of a sweep: values to choose from, or a range to draw from.
public struct SweepParameter: Sendable {
    public enum Distribution: String, Sendable, CaseIterable {
        case uniform
        /// Every factor equally likely; `min` and `max` are values, as for W&B's name of it.
        case logUniform = "log_uniform"
        case logUniformValues = "log_uniform_values"
        /// Whole numbers, both ends included.
        case integers = "int_uniform"
        /// Multiples of `q`.
        case steps = "q_uniform"
    }

    public struct Range: Sendable, Equatable {
        public let low: Double
        public let high: Double
        public let distribution: Distribution
        /// Only for `q_uniform`.
        public let step: Double?
    }

    public enum Domain: Sendable, Equatable {
        case values([Value])
        case range(Range)
    }

    /// `ratio`, or `ast.learning_rate`.
    public let name: String
    public let domain: Domain
    /// Where each value stands, and how it is written there.
    var nodes: [SpecNode] = []
    package let origin: SpecOrigin

    /// How many different values there are; nil where they are drawn from the numbers of a range.
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
    /// - parameter point: in 0..<1.
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

    /// To six digits, as people write such numbers, and inside the range.
    private func bounded(_ value: Double) -> Double {
        return min(high, max(low, Double(String(format: "%.6g", value)) ?? value))
    }
}
