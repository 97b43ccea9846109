public import SentioKit

/// Everything that the history records about one run.
public struct RunDetails: Sendable, Equatable {
    /// The attributes that lists of runs show.
    public var summary: RunSummary
    /// Parameters of the pipeline, sorted by name.
    public var parameters: [RunDescription.Parameter]
    /// The stages in the order of the pipeline.
    public var stages: [StageDetails]
    /// The evaluated lines of `expect:`, in the order of the file.
    public var expectations: [Expectation]
    /// Lines of `expect:` that were not evaluated.
    public var unchecked: [String] = []
    /// Warnings in the order in which they were issued.
    public var warnings: [Warning]
    /// The command line of the run.
    public var arguments: [String]
    /// Machine, software versions and code version.
    public var environment: [String: Value]
    /// The contents of the pipeline's `claims:` block.
    public var claims: PublishedClaims?

    /// A warning of a run.
    public struct Warning: Sendable, Equatable {
        /// The stage that it is about; nil for the run as a whole.
        public let stage: String?
        /// The message.
        public let sentence: String
    }

    /// The stage itself and all stages that it depends on, in the order of the pipeline. Dependencies are derived from
    /// the artifacts; if several stages produced the same artifact, the first counts.
    public func upstream(of stage: String) -> [StageDetails] {
        var makers: [String: StageDetails] = [:]
        for stage in stages { for hash in stage.outputs.values where makers[hash] == nil { makers[hash] = stage } }
        var found: Set<String> = [], waiting = stages.filter { $0.stage == stage }
        while let next = waiting.popLast() {
            if found.insert(next.stage).inserted { waiting += next.inputs.values.compactMap { makers[$0] } }
        }
        return stages.filter { found.contains($0.stage) }
    }

    /// The stage whose predictions a stage scores; nil if it scores only its own.
    public func model(behind stage: String) -> String? {
        guard let hash = stages.first(where: { $0.stage == stage })?.inputs["predictions"] else { return nil }
        return stages.first { $0.outputs["predictions"] == hash }?.stage
    }

    /// The JSON object that `--json` prints.
    public var value: Value {
        var entries = summary.value.map ?? [:]
        entries["parameters"] = .list(
            parameters.map { ["name": .string($0.name), "value": $0.value, "origin": .string($0.origin)] })
        // In a summary `stages` are counts; here they are the stages.
        entries["counts"] = entries["stages"]
        entries["stages"] = .list(stages.map(\.value))
        entries["expectations"] = .list(expectations.map(\.value))
        entries["unchecked"] = .list(unchecked.map(Value.string))
        entries["warnings"] = .list(
            warnings.map { ["stage": $0.stage.map(Value.string) ?? .null, "message": .string($0.sentence)] })
        entries["arguments"] = .list(arguments.map(Value.string))
        entries["environment"] = .map(environment)
        entries["claims"] = claims?.value ?? .null
        return .map(entries)
    }
}

/// One stage of one run.
public struct StageDetails: Sendable, Equatable {
    /// The name of the stage.
    public var stage: String
    /// Its index in the order of the pipeline.
    public var position: Int
    /// The name of its kind.
    public var kind: String
    /// `running`, `executed`, `cached`, `failed`, `skipped`, `interrupted`.
    public var state: String
    /// Machine-readable code of the first cause why it ran, such as `never-run`.
    public var reasonCode: String?
    /// Why it ran, as text.
    public var reasonText: String?
    /// Why it ran, as JSON with all causes.
    public var reason: Value?
    /// The stage key in hexadecimal digits; nil if the stage has none.
    public var key: String?
    /// Duration in seconds.
    public var seconds: Double?
    /// Item counts of an item-wise stage; nil for other stages.
    public var items: ItemCounts?
    /// The error message of a failed stage.
    public var message: String?
    /// The common name of the copies of the stage: `cv.ridge@fold=*`; nil if it has no copies.
    public var copies: String?
    /// The stage of the same run that did the same work and whose result this one shares.
    public var sharedWith: String?
    /// Whether the stage was refused because a scored song had been used in training.
    public var isLeakage: Bool
    /// Parameters of the stage, including defaults.
    public var configuration: [String: Value]
    /// Artifact hash by input port, in hexadecimal digits.
    public var inputs: [String: String]
    /// Artifact hash by output port, in hexadecimal digits.
    public var outputs: [String: String]
    /// Metrics by name; NaN if the stage reported no number.
    public var metrics: [String: Double]
    /// Number of points by series name.
    public var series: [String: Int]

    /// The JSON object that `--json` prints.
    public var value: Value {
        [
            "name": .string(stage), "kind": .string(kind), "state": .string(state), "reason": reason ?? .null,
            "key": key.map(Value.string) ?? .null, "seconds": seconds.map(Value.double) ?? .null,
            "items": items.map {
                [
                    "total": .int($0.total), "executed": .int($0.executed), "cached": .int($0.cached),
                    "failed": .int($0.failed),
                ]
            } ?? .null,
            "message": message.map(Value.string) ?? .null, "copies": copies.map(Value.string) ?? .null,
            "shared_with": sharedWith.map(Value.string) ?? .null, "leakage": .bool(isLeakage),
            "configuration": .map(configuration),
            "inputs": .map(inputs.mapValues(Value.string)), "outputs": .map(outputs.mapValues(Value.string)),
            "metrics": .map(metrics.mapValues(Value.double)), "series": .map(series.mapValues(Value.int)),
        ]
    }
}

extension StageDetails {
    /// The common name of a stage's copies, for stores that do not record it: `cv.ridge@fold=3` belongs to
    /// `cv.ridge@fold=*`. Nil unless the stage is a member of a group, which is recognized by the dot in its name.
    public static func copies(of stage: String) -> String? {
        guard let at = stage.firstIndex(of: "@"), stage[..<at].contains(".") else { return nil }
        let cells = stage[stage.index(after: at)...].split(separator: ",").map { cell in
            cell.firstIndex(of: "=").map { cell[...$0] + "*" } ?? String(cell)
        }
        return stage[...at] + cells.joined(separator: ",")
    }
}

extension WarningDigest {
    /// Summarizes warnings of runs in the store.
    public init(_ warnings: [RunDetails.Warning]) {
        self.init(warnings.map { ($0.stage, $0.sentence) }) { StageDetails.copies(of: $0) ?? $0 }
    }
}
