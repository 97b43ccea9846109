import SentioNumerics

/// The gamma of a kernel, as scikit-learn names it: `scale`, `auto` or a number.
public enum SVRGamma: Sendable, Hashable {
    /// 1 / (features x variance of all elements of the scaled table).
    case scale
    /// 1 / features.
    case auto
    /// The number itself; must be positive.
    case value(Double)

    /// The gamma of that word or number; nil for another word.
    public init?(text: String) {
        switch text {
        case "scale": self = .scale
        case "auto": self = .auto
        default:
            guard let number = Double(text) else { return nil }
            self = .value(number)
        }
    }

    func resolve(_ scaled: Matrix) -> Double {
        switch self {
        case .value(let gamma): return gamma
        case .auto: return 1 / Double(scaled.columns)
        case .scale:
            let count = Double(scaled.values.count)
            let mean = scaled.values.reduce(0) { $0 + $1 / count }
            let variance = scaled.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
            return variance > 0 ? 1 / (Double(scaled.columns) * variance) : 1
        }
    }
}

extension SVRGamma: CustomStringConvertible {
    public var description: String {
        switch self {
        case .scale: "scale"
        case .auto: "auto"
        case .value(let gamma): "\(gamma)"
        }
    }
}

/// JSON form: `"scale"`, `"auto"` or the number.
extension SVRGamma: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .value(number)
            return
        }
        guard let gamma = SVRGamma(text: try container.decode(String.self)) else {
            throw LearnError.damagedModel(reason: "its gamma is neither scale, auto nor a number")
        }
        self = gamma
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if case .value(let gamma) = self { try container.encode(gamma) } else { try container.encode(description) }
    }
}
