public import SentioKit

/// Everything that is known about one run.
public struct RunDetails: Sendable, Equatable {
    public var summary: RunSummary
    public var parameters: [RunDescription.Parameter]
    public var stages: [StageDetails]
    public var expectations: [Expectation]
    /// Lines of `expect:` that nobody asked.
    public var unchecked: [String] = []
    public var warnings: [Warning]
    public var arguments: [String]
    public var environment: [String: Value]
    /// What the pipeline named under `claims:`.
    public var claims: PublishedClaims?

    public struct Warning: Sendable, Equatable {
        public let stage: String?
        public let sentence: String
    }

    /// The stages behind one, itself among them, in the pipeline's order. Told by the artifacts that they passed on; of
    /// several that left one artifact, the first.
    public func upstream(of stage: String) -> [StageDetails] {
        var makers: [String: StageDetails] = [:]
        for stage in stages { for hash in stage.outputs.values where makers[hash] == nil { makers[hash] = stage } }
        var found: Set<String> = [], waiting = stages.filter { $0.stage == stage }
        while let next = waiting.popLast() {
            if found.insert(next.stage).inserted { waiting += next.inputs.values.compactMap { makers[$0] } }
        }
        return stages.filter { found.contains($0.stage) }
    }

    /// The stage whose predictions a stage scores; nil where it scores none but its own.
    public func model(behind stage: String) -> String? {
        guard let hash = stages.first(where: { $0.stage == stage })?.inputs["predictions"] else { return nil }
        return stages.first { $0.outputs["predictions"] == hash }?.stage
    }

    public var value: Value {
        var entries = summary.value.map ?? [:]
        entries["parameters"] = .list(
            parameters.map { ["name": .string($0.name), "value": $0.value, "origin": .string($0.origin)] })
        // `stages` of a summary are counts; here they are the stages.
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
    public var stage: String
    public var position: Int
    public var kind: String
    /// `running`, `executed`, `cached`, `failed`, `skipped`, `interrupted`.
    public var state: String
    public var reasonCode: String?
    public var reasonText: String?
    /// The reason with all its causes.
    public var reason: Value?
    public var key: String?
    public var seconds: Double?
    public var items: ItemCounts?
    public var message: String?
    /// What the copies of the stage are called together: `cv.ridge@fold=*`; nil for a stage that stands alone.
    public var copies: String?
    /// The stage of the same run whose result it shares.
    public var sharedWith: String?
    public var isLeakage: Bool
    public var configuration: [String: Value]
    /// Artifact hash by port, in hexadecimal digits.
    public var inputs: [String: String]
    public var outputs: [String: String]
    public var metrics: [String: Double]
    /// Number of points by series name.
    public var series: [String: Int]

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
    /// As newer files store it: `cv.ridge@fold=3` is one of `cv.ridge@fold=*`. Only what a group made has a dot in its
    /// name.
    public static func copies(of stage: String) -> String? {
        guard let at = stage.firstIndex(of: "@"), stage[..<at].contains(".") else { return nil }
        let cells = stage[stage.index(after: at)...].split(separator: ",").map { cell in
            cell.firstIndex(of: "=").map { cell[...$0] + "*" } ?? String(cell)
        }
        return stage[...at] + cells.joined(separator: ",")
    }
}

extension WarningDigest {
    /// Of runs as the store holds them.
    public init(_ warnings: [RunDetails.Warning]) {
        self.init(warnings.map { ($0.stage, $0.sentence) }) { StageDetails.copies(of: $0) ?? $0 }
    }
}
