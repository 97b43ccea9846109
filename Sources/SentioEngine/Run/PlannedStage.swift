public import SentioKit
import SentioSpec

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
    /// What it is foreseen to take; nil where no record of its kind tells.
    public let price: Price?
    /// Items that would be worked on, at most, and all.
    public let items: (pending: Int, total: Int)?
    /// Where an earlier attempt left a checkpoint; the price is that of the rest.
    public let resumption: Resumption?
    /// What there is to do; nil for a stage that is up to date, or cannot run.
    let offer: StageOffer?
    /// The record that answers for a stage that is up to date.
    package let record: StageRecord?

    init(_ node: StageNode, _ state: State, price: Price? = nil, offer: StageOffer? = nil, record: StageRecord? = nil) {
        stage = node.name
        kind = node.kind
        self.state = state
        self.price = price
        items = offer?.items.map { ($0.pending, $0.total) }
        resumption = offer?.resumption
        self.offer = offer
        self.record = record
    }

    public var isStale: Bool { state != .upToDate }

    public static func == (left: PlannedStage, right: PlannedStage) -> Bool {
        left.stage == right.stage && left.kind == right.kind && left.state == right.state && left.price == right.price
            && left.resumption == right.resumption && left.items?.pending == right.items?.pending
            && left.items?.total == right.items?.total
    }
}

extension PlannedStage {
    /// As `plan --json` lists it.
    public var value: Value {
        var fields: [String: Value] = [
            "stage": .string(stage), "kind": .string(kind),
            "expected_seconds": price.map { .double($0.seconds) } ?? .null,
            "expected_range": price.map { [.double($0.low), .double($0.high)] } ?? .null,
            "priced_by": price.map { .int($0.records) } ?? .null, "resumption": resumption?.value ?? .null,
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
