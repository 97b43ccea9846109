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
    public struct Candidate: Sendable, Hashable, Codable {
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
