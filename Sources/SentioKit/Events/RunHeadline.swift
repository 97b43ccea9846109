/// What a run is about: the stage whose scores represent it, and the stage it is compared with.
public struct RunHeadline: Sendable, Equatable {
    /// A scoring stage.
    public let stage: String
    /// The metric shown first: `test.ccc`; nil: the most telling one of the stage.
    public let metric: String?
    /// The stage it is compared with song by song; nil: none.
    public let baseline: String?
    /// Whether the pipeline declares it under `headline:`; otherwise the engine chose it.
    public let isDeclared: Bool

    /// A headline, by default one that the engine chose.
    public init(stage: String, metric: String? = nil, baseline: String? = nil, isDeclared: Bool = false) {
        self.stage = stage
        self.metric = metric
        self.baseline = baseline
        self.isDeclared = isDeclared
    }

    /// In the syntax of `headline:`: `ast_gan_score.test.ccc vs ast_score`.
    public var text: String { stage + (metric.map { "." + $0 } ?? "") + (baseline.map { " vs " + $0 } ?? "") }

    /// `{"stage", "metric", "baseline", "declared"}`.
    public var value: Value {
        [
            "stage": .string(stage), "metric": metric.map(Value.string) ?? .null,
            "baseline": baseline.map(Value.string) ?? .null,
            "declared": .bool(isDeclared),
        ]
    }
}
