public import SentioKit

/// A comparison of runs side by side: one column per run, in the order requested.
public struct RunComparison: Sendable, Equatable {
    /// The compared runs.
    public var runs: [RunSummary]
    /// Parameters of the pipelines.
    public var parameters: [Row]
    /// Parameters of the stages, including defaults: `mels.n_mels`.
    public var configuration: [Row]
    /// Metrics of the stages: `score.test.ccc`.
    public var metrics: [Row]
    /// The kind of each stage, by run; copies of a stage are one row.
    public var stages: [Row]
    /// Caveats: different test songs, different code, different hosts.
    public var remarks: [String]

    /// Whether a row belongs to a stage that not all runs have, so that its values cannot be compared.
    func isLone(_ row: Row) -> Bool {
        stages.contains { stage in stage.values.contains { $0 == nil } && row.name.hasPrefix(stage.name + ".") }
    }

    /// The comparison without parameters and metrics of stages that not all runs have.
    public var withoutLoneStages: RunComparison {
        var own = self
        own.configuration = configuration.filter { !isLone($0) }
        own.metrics = metrics.filter { !isLone($0) }
        return own
    }

    /// One compared quantity with its value in each run.
    public struct Row: Sendable, Equatable {
        /// The name of the parameter, metric or stage.
        public let name: String
        /// One value per run; nil if the run has none.
        public let values: [Value?]

        /// Whether the values differ; 1 and 1.0 are equal.
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

    /// The JSON object that `--json` prints.
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
