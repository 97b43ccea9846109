/// What a run is about: the stage whose scores speak for it, and the stage that it is compared with.
public struct RunHeadline: Sendable, Equatable {
    /// A stage that scores.
    public let stage: String
    /// The metric of the stage that stands first: `test.ccc`; nil: whichever of its scores says most.
    public let metric: String?
    /// The stage that it is compared with song by song; nil: none.
    public let baseline: String?
    /// Whether the pipeline names it under `headline:`; else the engine chose it.
    public let isDeclared: Bool

    public init(stage: String, metric: String? = nil, baseline: String? = nil, isDeclared: Bool = false) {
        self.stage = stage
        self.metric = metric
        self.baseline = baseline
        self.isDeclared = isDeclared
    }

    /// As `headline:` has it: `ast_gan_score.test.ccc vs ast_score`.
    public var text: String { stage + (metric.map { "." + $0 } ?? "") + (baseline.map { " vs " + $0 } ?? "") }

    public var value: Value {
        [
            "stage": .string(stage), "metric": metric.map(Value.string) ?? .null,
            "baseline": baseline.map(Value.string) ?? .null,
            "declared": .bool(isDeclared),
        ]
    }
}
