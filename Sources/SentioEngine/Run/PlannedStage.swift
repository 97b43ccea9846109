public import SentioKit
import SentioSpec

/// What would happen to a stage if the pipeline ran now.
public struct PlannedStage: Sendable, Equatable {
    /// Whether it would run.
    public enum State: Equatable, Sendable {
        /// A record answers for it.
        case upToDate
        /// It would run, for this reason.
        case stale(RunReason)
        /// It cannot run as things are, for example because a source is missing; the sentence says why.
        case blocked(String)
    }

    /// The stage's name.
    public let stage: String
    /// Its kind, as `uses:` names it.
    public let kind: String
    /// Whether it would run.
    public let state: State
    /// How long it would take; nil if no record of its kind tells.
    public let price: Price?
    /// What there is to do; nil for a stage that is up to date or cannot run.
    let offer: StageOffer?
    /// The record that answers for a stage that is up to date.
    package let record: StageRecord?

    init(_ node: StageNode, _ state: State, price: Price? = nil, offer: StageOffer? = nil, record: StageRecord? = nil) {
        stage = node.name
        kind = node.kind
        self.state = state
        self.price = price
        self.offer = offer
        self.record = record
    }

    /// The items of an item-wise stage that would be processed, at most, and all of them.
    public var items: ItemShare? { offer?.items }
    /// Where an earlier attempt left a checkpoint; the price is then that of the rest.
    public var resumption: Resumption? { offer?.resumption }
    /// Whether it is not up to date: stale or blocked.
    public var isStale: Bool { state != .upToDate }
}

extension PlannedStage {
    /// The entry in the output of `plan --json`.
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
