import SentioKit

/// Tells equal results of stages from different ones, so that each is stored once. History only: it is no cache key.
enum ResultDigest {
    static func of(_ outcome: StageOutcome) -> ContentHash {
        let series = outcome.series.mapValues { points in
            Value.list(points.flatMap { [.int($0.step), .string(bits($0.value))] })
        }
        let content: Value = [
            "kind": .string(outcome.kind), "key": outcome.key.map { .string($0.hash.hex) } ?? .null,
            "configuration": .map(outcome.configuration), "inputs": .map(outcome.inputs.mapValues { .string($0.hex) }),
            "outputs": .map(outcome.outputs.mapValues { .string($0.hex) }),
            "metrics": .map(outcome.metrics.mapValues { .string(bits($0)) }), "series": .map(series),
        ]
        return Hashing.content(JSON.text(content))
    }

    /// Exact, also for values that JSON cannot hold.
    private static func bits(_ value: Double) -> String { String(value.bitPattern, radix: 16) }
}
