import SentioKit
import SentioLearn

/// The kernel coefficient gamma as a parameter: `scale`, `auto` or a positive number.
struct GammaChoice: ParameterValue {
    let gamma: SVRGamma

    init(_ gamma: SVRGamma) { self.gamma = gamma }

    init?(parameter value: Value) {
        if let number = value.double {
            guard number > 0, number.isFinite else { return nil }
            gamma = .value(number)
        } else {
            switch value.string {
            case "scale": gamma = .scale
            case "auto": gamma = .auto
            default: return nil
            }
        }
    }

    var parameterValue: Value {
        if case .value(let number) = gamma { .double(number) } else { .string(gamma.description) }
    }
    static var accepted: String { "scale, auto or a positive number" }
    static var schema: Value { ["anyOf": [["enum": ["scale", "auto"]], ["type": "number", "exclusiveMinimum": 0]]] }
}
