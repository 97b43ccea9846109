// The JSON lines of `run --json`. Programs depend on their fields, most of all on those of `run.finished`.

extension RunEvent {
    /// The event as printed on one line of JSON.
    public var value: Value {
        switch self {
        case .runStarted(let run): return run.value
        case .stageStarted(let start):
            return Self.event(
                "stage.started",
                [
                    "stage": .string(start.stage), "kind": .string(start.kind), "reason": start.reason.value,
                    "expected_seconds": start.expectedSeconds.map(Value.double) ?? .null,
                    "expected_range": start.expectedRange.map { [.double($0.lowerBound), .double($0.upperBound)] }
                        ?? .null,
                    "resumption": start.resumption.map(Value.string) ?? .null,
                ])
        case .stageProgress(let progress):
            return Self.event(
                "stage.progress",
                [
                    "stage": .string(progress.stage), "done": .int(progress.done), "total": .int(progress.total),
                    "note": .string(progress.note),
                ])
        case .stageLog(let stage, let line):
            return Self.event("stage.log", ["stage": .string(stage), "line": .string(line)])
        case .warning(let stage, let sentence):
            return Self.event("warning", ["stage": stage.map(Value.string) ?? .null, "message": .string(sentence)])
        case .metric(let stage, let name, let value):
            return Self.event("metric", ["stage": .string(stage), "name": .string(name), "value": .double(value)])
        case .series(let stage, let name, let step, let value):
            return Self.event(
                "series", ["stage": .string(stage), "name": .string(name), "step": .int(step), "value": .double(value)])
        case .stageFinished(let outcome):
            return Self.event("stage.finished", outcome.value.map ?? [:])
        case .expectation(let expectation):
            return Self.event("expectation", expectation.value.map ?? [:])
        case .runFinished(let outcome):
            return Self.event(
                "run.finished",
                [
                    "run": .string(outcome.run), "status": .string(outcome.status.rawValue),
                    "seconds": .double(outcome.seconds),
                    "stages": .list(outcome.stages.map(\.value)),
                    "expectations": .list(outcome.expectations.map(\.value)),
                    "unchecked": .list(outcome.unchecked.map(Value.string)),
                    "headline": outcome.headline?.value ?? .null,
                    "verdict": outcome.verdict.map(Value.string) ?? .null,
                ])
        }
    }

    private static func event(_ name: String, _ fields: [String: Value]) -> Value {
        .map(fields.merging(["event": .string(name), "schema": 1]) { _, new in new })
    }
}

extension RunDescription {
    /// The event `run.started`.
    public var value: Value {
        [
            "event": "run.started", "schema": 1, "run": .string(id), "pipeline": .string(pipeline),
            "file": .string(file),
            "name": name.map(Value.string) ?? .null, "profile": profile.map(Value.string) ?? .null, "seed": .int(seed),
            "replicate": .int(replicate), "started_at": .double(startedAt), "tags": .map(tags.mapValues(Value.string)),
            "parameters": .list(
                parameters.map { ["name": .string($0.name), "value": $0.value, "origin": .string($0.origin)] }),
            "sweep": sweep.map { ["sweep": .string($0.id), "arm": .string($0.arm)] } ?? .null,
            "headline": headline?.value ?? .null, "claims": claims?.value ?? .null,
            "profiles": .list(profiles.map(\.value)), "outlook": outlook?.value ?? .null,
            "environment": .map(environment), "arguments": .list(arguments.map(Value.string)),
            "stages": .list(
                stages.map {
                    ["name": .string($0.name), "kind": .string($0.kind), "after": .list($0.after.map(Value.string))]
                }),
        ]
    }
}

extension StageOutcome {
    /// An element of the list `stages` of `run.finished`.
    public var value: Value {
        [
            "name": .string(stage), "kind": .string(kind), "state": .string(state.rawValue),
            "reason": reason?.value ?? .null,
            "seconds": .double(seconds), "key": key.map { .string($0.hash.hex) } ?? .null,
            "items": items.map {
                [
                    "total": .int($0.total), "executed": .int($0.executed), "cached": .int($0.cached),
                    "failed": .int($0.failed),
                ]
            } ?? .null,
            "outputs": .map(outputs.mapValues { .string($0.hex) }), "metrics": .map(metrics.mapValues(Value.double)),
            "message": message.map(Value.string) ?? .null, "warnings": .list(warnings.map(Value.string)),
            "shared_with": sharedWith.map(Value.string) ?? .null,
        ]
    }
}

extension Expectation {
    /// `{"expect", "holds", "evidence"}`.
    public var value: Value { ["expect": .string(text), "holds": .bool(holds), "evidence": .string(evidence)] }
}
