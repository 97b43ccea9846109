/// How much a stage has to do, so that what one took tells what another of its kind and of another size will take.
public struct Workload: Sendable, Equatable {
    /// By unit, of the kind's choice: `songs`, `bytes`, `operations`. Two workloads compare in the units that both
    /// have; of several, the spread of their answers is told.
    public var amounts: [String: Double]
    /// What the seconds of one unit depend on, as text: workloads of one pace compare well, others roughly. Nil: on
    /// every parameter of the stage.
    public var pace: String?
    /// Whether seconds grow in proportion to the amounts; where not, only a workload of nearly the same size tells.
    public var isProportional: Bool

    public init(_ amounts: [String: Double], pace: String? = nil, isProportional: Bool = true) {
        self.amounts = amounts
        self.pace = pace
        self.isProportional = isProportional
    }

    /// In proportion to the songs on the fullest of some ports.
    /// - parameter ports: nil: all.
    /// - parameter times: what each song is taken times: resamples, folds.
    public static func songs(
        _ inputs: [String: Amount], on ports: [String]? = nil, times factor: Double = 1, pace: String? = nil
    ) -> Workload {
        let counted = ports.map { $0.compactMap { inputs[$0] } } ?? Array(inputs.values)
        return Workload(["songs": factor * (counted.map(\.items).max() ?? 0)], pace: pace)
    }

    /// The same work but for its amount.
    public func scaled(by factor: Double) -> Workload {
        var scaled = self
        scaled.amounts = amounts.mapValues { $0 * factor }
        return scaled
    }
}
