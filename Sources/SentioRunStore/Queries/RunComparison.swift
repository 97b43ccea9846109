public import SentioKit

/// Runs side by side: a column per run, in the order asked for.
public struct RunComparison: Sendable, Equatable {
    public var runs: [RunSummary]
    /// Parameters of the pipelines.
    public var parameters: [Row]
    /// Parameters of the stages with their defaults filled in: `mels.n_mels`.
    public var configuration: [Row]
    /// `score.test.ccc`.
    public var metrics: [Row]
    /// Kind of each stage, by run; copies of one stage are one.
    public var stages: [Row]
    /// Sentences on what makes the runs hard to compare: other test songs, other code, another host.
    public var remarks: [String]

    /// The stage whose parameters and metrics a row is about, where not all runs have that stage: its numbers cannot be
    /// compared.
    func isLone(_ row: Row) -> Bool {
        stages.contains { stage in stage.values.contains { $0 == nil } && row.name.hasPrefix(stage.name + ".") }
    }

    /// The same without what is known of stages that not all runs have.
    public var withoutLoneStages: RunComparison {
        var own = self
        own.configuration = configuration.filter { !isLone($0) }
        own.metrics = metrics.filter { !isLone($0) }
        return own
    }

    public struct Row: Sendable, Equatable {
        public let name: String
        /// One per run, nil where the run has none.
        public let values: [Value?]

        /// Whether the runs have different values; 1 and 1.0 are the same.
        public var differs: Bool {
            values.dropFirst().contains { other in
                switch (values[0], other) {
                case (nil, nil): false
                case (let left?, let right?): !left.isSame(as: right)
                default: true
                }
            }
        }
    }

    public var value: Value {
        func list(_ rows: [Row]) -> Value {
            .list(
                rows.map {
                    [
                        "name": .string($0.name), "values": .list($0.values.map { $0 ?? .null }),
                        "differs": .bool($0.differs),
                    ]
                })
        }
        return [
            "runs": .list(runs.map(\.value)), "parameters": list(parameters), "configuration": list(configuration),
            "metrics": list(metrics), "stages": list(stages), "remarks": .list(remarks.map(Value.string)),
        ]
    }
}
