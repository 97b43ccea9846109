/// How much work a stage has, so that the time one took predicts that of another of its kind and of another size.
public struct Workload: Sendable, Equatable {
    /// By unit, of the kind's choice: `songs`, `bytes`, `operations`. Two workloads compare in the units that both
    /// have; with several of them, the estimate is the range of their answers.
    public var amounts: [String: Double]
    /// What the seconds per unit depend on, as text: workloads of equal pace compare well, others roughly. Nil: every
    /// parameter of the stage.
    public var pace: String?
    /// Whether seconds are proportional to the amounts; where not, only a workload of nearly the same size predicts
    /// them.
    public var isProportional: Bool

    /// A workload by unit.
    public init(_ amounts: [String: Double], pace: String? = nil, isProportional: Bool = true) {
        self.amounts = amounts
        self.pace = pace
        self.isProportional = isProportional
    }

    /// Proportional to the largest number of songs on any of some ports.
    /// - Parameters:
    ///   - ports: Nil: all of them.
    ///   - factor: How often each song is processed: resamples, folds.
    public static func songs(
        _ inputs: PortMap<Amount>, on ports: [InputPort]? = nil, times factor: Double = 1, pace: String? = nil
    ) -> Workload {
        let counted = ports.map { $0.compactMap { inputs[$0] } } ?? inputs.all
        return Workload(["songs": factor * (counted.map(\.items).max() ?? 0)], pace: pace)
    }

    /// The same kind of work, with every amount multiplied.
    public func scaled(by factor: Double) -> Workload {
        var scaled = self
        scaled.amounts = amounts.mapValues { $0 * factor }
        return scaled
    }
}
