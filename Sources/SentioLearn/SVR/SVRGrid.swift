/// The grid of settings to choose an SVR from: every combination of these values.
public struct SVRGrid: Sendable, Hashable {
    /// Costs of an error outside the tube.
    public let cs: [Double]
    /// Gammas of the kernel; ignored by kernels without one.
    public let gammas: [SVRGamma]
    /// Half widths of the tube in which errors cost nothing, in units of the targets.
    public let epsilons: [Double]

    /// Default values: scikit-learn's.
    public init(cs: [Double] = [1], gammas: [SVRGamma] = [.scale], epsilons: [Double] = [0.1]) {
        self.cs = cs
        self.gammas = gammas
        self.epsilons = epsilons
    }

    /// One combination.
    public struct Candidate: Sendable, Hashable, Codable {
        /// Cost of an error outside the tube.
        public let c: Double
        /// Gamma of the kernel.
        public let gamma: SVRGamma
        /// Half width of the tube, in units of the targets.
        public let epsilon: Double
    }

    /// All combinations, with C varying slowest. The most regularized come first (small C, wide tube), so that the
    /// simpler one wins ties.
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
