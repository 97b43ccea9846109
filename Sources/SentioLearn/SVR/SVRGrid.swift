/// The settings that an SVR is chosen from: every combination of these.
public struct SVRGrid: Sendable, Hashable {
    public let cs: [Double]
    /// Ignored by the linear kernel.
    public let gammas: [SVRGamma]
    public let epsilons: [Double]

    public init(cs: [Double] = [1], gammas: [SVRGamma] = [.scale], epsilons: [Double] = [0.1]) {
        self.cs = cs
        self.gammas = gammas
        self.epsilons = epsilons
    }

    /// One combination.
    public struct Candidate: Sendable, Hashable {
        public let c: Double
        public let gamma: SVRGamma
        public let epsilon: Double
    }

    /// All combinations, C slowest, the most regular first (small C, wide tube), so that the first of equals is the
    /// simpler.
    public var candidates: [Candidate] {
        Set(cs).sorted().flatMap { c in
            distinctGammas.flatMap { gamma in
                Set(epsilons).sorted(by: >).map { Candidate(c: c, gamma: gamma, epsilon: $0) }
            }
        }
    }

    private var distinctGammas: [SVRGamma] {
        var seen: Set<SVRGamma> = []
        return gammas.filter { seen.insert($0).inserted }
    }
}

extension SVRGamma: CustomStringConvertible, Codable {
    /// As scikit-learn words it: `scale`, `auto` or the number.
    public var description: String {
        switch self {
        case .scale: "scale"
        case .auto: "auto"
        case .value(let gamma): "\(gamma)"
        }
    }

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

extension SVRGrid.Candidate: Codable {}

extension SVRKernelChoice {
    /// The same kernel with another gamma; the linear one has none.
    func with(gamma: SVRGamma) -> SVRKernelChoice {
        switch self {
        case .linear: .linear
        case .rbf: .rbf(gamma: gamma)
        case .polynomial(let degree, _, let offset): .polynomial(degree: degree, gamma: gamma, offset: offset)
        case .sigmoid(_, let offset): .sigmoid(gamma: gamma, offset: offset)
        }
    }

    /// `scale` for the linear kernel, which has none.
    var gamma: SVRGamma {
        switch self {
        case .linear: .scale
        case .rbf(let gamma), .polynomial(_, let gamma, _), .sigmoid(let gamma, _): gamma
        }
    }

    var hasGamma: Bool { self != .linear }
}
