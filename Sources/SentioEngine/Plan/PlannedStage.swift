public import SentioKit

/// What would happen to a stage if the pipeline ran now.
public struct PlannedStage: Sendable, Equatable {
    public enum State: Equatable, Sendable {
        case upToDate
        case stale(RunReason)
        /// It cannot run as things are: a source is missing.
        case blocked(String)
    }

    public let stage: String
    public let kind: String
    public let state: State
    /// Seconds it took last time, nil where it never ran.
    public let expectedSeconds: Double?
    /// Items without a record, and all; known only where the inputs are.
    public let items: (pending: Int, total: Int)?
    /// The record that answers for a stage that is up to date.
    var record: StageRecord?

    public var isStale: Bool { state != .upToDate }

    public static func == (left: PlannedStage, right: PlannedStage) -> Bool {
        left.stage == right.stage && left.kind == right.kind && left.state == right.state && left.expectedSeconds == right.expectedSeconds
            && left.items?.pending == right.items?.pending && left.items?.total == right.items?.total
    }
}

extension PlannedStage {
    /// As `plan --json` lists it.
    public var value: Value {
        var fields: [String: Value] = [
            "stage": .string(stage), "kind": .string(kind), "expected_seconds": expectedSeconds.map(Value.double) ?? .null,
            "items": items.map { ["pending": .int($0.pending), "total": .int($0.total)] } ?? .null,
        ]
        switch state {
        case .upToDate: fields["state"] = "up-to-date"
        case .stale(let reason):
            fields["state"] = "stale"
            fields["reason"] = reason.value
        case .blocked(let sentence):
            fields["state"] = "blocked"
            fields["message"] = .string(sentence)
        }
        return .map(fields)
    }
}
