import SentioKit

/// Weights of the rated dimensions in a loss: `[0.4, 0.6]`, or `{valence: 0.4, arousal: 0.6}`.
enum LossWeights: ParameterValue, Equatable {
    case list([Double])
    case named([String: Double])

    init?(parameter value: Value) {
        let numbers: [Double]
        if let map = value.map {
            let named = map.compactMapValues(\.double)
            guard named.count == map.count else { return nil }
            (self, numbers) = (.named(named), Array(named.values))
        } else {
            guard let values = value.list else { return nil }
            numbers = values.compactMap(\.double)
            guard numbers.count == values.count else { return nil }
            self = .list(numbers)
        }
        guard !numbers.isEmpty, numbers.allSatisfy({ (0...1e6).contains($0) }), numbers.contains(where: { $0 > 0 })
        else { return nil }
    }

    var parameterValue: Value {
        switch self {
        case .list(let numbers): .list(numbers.map { .double($0) })
        case .named(let named): .map(named.mapValues { .double($0) })
        }
    }

    static let accepted = "a list or a map of numbers of 0 or more, not all 0"
    static let schema: Value = [
        "anyOf": [
            ["type": "array", "items": ["type": "number", "minimum": 0]],
            ["type": "object", "additionalProperties": ["type": "number", "minimum": 0]],
        ]
    ]

    /// The problem with these weights for these dimensions, as a sentence; nil if there is none.
    func problem(for dimensions: [String]) -> String? {
        let rated = "The labels are rated in \(dimensions.joined(separator: " and "))"
        switch self {
        case .list(let numbers):
            guard numbers.count != dimensions.count else { return nil }
            return "\(rated), but `loss_weights` has \(numbers.count) numbers; give one per dimension, in that order."
        case .named(let named):
            guard Set(named.keys) != Set(dimensions) else { return nil }
            return "\(rated), but `loss_weights` names \(named.keys.sorted().joined(separator: ", ")); name each "
                + "dimension once."
        }
    }

    func inOrder(of dimensions: [String]) -> [Double] {
        switch self {
        case .list(let numbers): numbers
        case .named(let named): dimensions.map { named[$0] ?? 0 }
        }
    }
}
