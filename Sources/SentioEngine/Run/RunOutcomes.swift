import SentioKit
import SentioSpec

/// How the stages of a run ended. Each outcome is reported as it is added.
struct RunOutcomes {
    private let hub: EventHub
    private var outcomes: [String: StageOutcome] = [:]
    /// The stages of this run that made a result, by its key.
    private var makers: [StageKey: String] = [:]
    private(set) var hasFailed = false

    init(_ hub: EventHub) { self.hub = hub }

    subscript(stage: String) -> StageOutcome? { outcomes[stage] }

    /// Whether any stage ended in another way than by a record that answers for it.
    var hasUncached: Bool { outcomes.values.contains { $0.state != .cached } }

    mutating func add(_ outcome: StageOutcome) {
        if outcome.state == .failed { hasFailed = true }
        outcomes[outcome.stage] = outcome
        hub.emit(.stageFinished(outcome))
    }

    mutating func executed(_ work: StageWork, _ record: StageRecord, _ items: ItemCounts?) {
        makers[record.key] = work.node.name
        var outcome = outcome(.executed, work.node, record, work.inputs)
        outcome.reason = work.reason
        outcome.seconds = record.seconds
        outcome.items = items
        add(outcome)
    }

    mutating func cached(_ node: StageNode, _ record: StageRecord, _ inputs: Planner.Inputs) {
        var outcome = outcome(.cached, node, record, inputs)
        outcome.items = record.items.map {
            ItemCounts(total: $0, cached: $0 - record.failedItems, failed: record.failedItems)
        }
        outcome.sharedWith = makers[record.key]
        add(outcome)
    }

    private func outcome(
        _ state: StageState, _ node: StageNode, _ record: StageRecord, _ inputs: Planner.Inputs
    ) -> StageOutcome {
        var outcome = StageOutcome(
            stage: node.name, kind: node.kind, state: state, key: record.key,
            outputs: record.outputs.mapValues(\.hash), inputs: inputs.artifacts.mapValues(\.hash),
            configuration: node.configuration.values, metrics: record.metrics, series: record.series)
        outcome.warnings = record.warnings
        return outcome
    }

    /// Adds an outcome for each stage that has none, with the failed stages that it needs.
    /// - parameter nodes: in the order of the graph.
    mutating func skipTheRest(of nodes: [StageNode], wasStopped: Bool) {
        var blockers: [String: Set<String>] = [:]
        for node in nodes where outcomes[node.name] == nil {
            let needed = node.dependencies
            let failed = Set(needed.filter { outcomes[$0]?.state == .failed }).union(
                needed.flatMap { blockers[$0] ?? [] })
            blockers[node.name] = failed
            let message =
                failed.isEmpty
                ? (wasStopped ? "the run was stopped" : "the run ended before it")
                : "needs \(failed.sorted().joined(separator: ", "))"
            var outcome = StageOutcome(
                stage: node.name, kind: node.kind, state: .skipped, configuration: node.configuration.values,
                message: message)
            outcome.blockers = failed.sorted()
            add(outcome)
        }
    }
}
