/// The grid of settings to choose an SVR from: every combination of these values.
public struct SVRGrid: Sendable, Hashable {
    /// Costs of an error outside the tube.
    public let cs: [Double]
    /// Gammas of the kernel; ignored by kernels without one.
    public let gammas: [SVRGamma]
    /// Half widths of the tube in which errors cost nothing, in units of the targets.
    public let epsilons: [Double]
    /// How much the contexts of songs may differ, for fits with contexts; see `SVRContext`. Empty without contexts.
    public let slopes: [Double]

    /// For fits with contexts. Of 496 songs from three datasets, most folds took 1 or 3.
    public static let defaultSlopes: [Double] = [0, 1, 3]

    /// Default values: scikit-learn's.
    public init(
        cs: [Double] = [1], gammas: [SVRGamma] = [.scale], epsilons: [Double] = [0.1], slopes: [Double] = []
    ) {
        self.cs = cs
        self.gammas = gammas
        self.epsilons = epsilons
        self.slopes = slopes
    }

    /// One combination.
    public struct Candidate: Sendable, Hashable, Codable {
        /// Cost of an error outside the tube.
        public let c: Double
        /// Gamma of the kernel.
        public let gamma: SVRGamma
        /// Half width of the tube, in units of the targets.
        public let epsilon: Double
        /// How much contexts differ; nil without contexts.
        public let slope: Double?

        var kernel: KernelSetting { KernelSetting(gamma: gamma, slope: slope) }
    }

    /// The part of a combination that determines the kernel matrix.
    struct KernelSetting: Hashable {
        let gamma: SVRGamma
        let slope: Double?
    }

    /// All kernel matrices, with the gamma varying slowest, so that a table's inner products serve several of them.
    var kernels: [KernelSetting] {
        distinctGammas.flatMap { gamma in distinctSlopes.map { KernelSetting(gamma: gamma, slope: $0) } }
    }

    /// All combinations, with C varying slowest. The most regularized come first (small C, wide tube), so that the
    /// simpler one wins ties.
    public var candidates: [Candidate] {
        Set(cs).sorted().flatMap { c in
            kernels.flatMap { kernel in
                Set(epsilons).sorted(by: >).map {
                    Candidate(c: c, gamma: kernel.gamma, epsilon: $0, slope: kernel.slope)
                }
            }
        }
    }

    private var distinctSlopes: [Double?] { slopes.isEmpty ? [nil] : Set(slopes).sorted().map { Optional.some($0) } }

    private var distinctGammas: [SVRGamma] {
        var seen: Set<SVRGamma> = []
        return gammas.filter { seen.insert($0).inserted }
    }
}
