import SentioKit
import SentioSpec

/// How much data the outputs of a pipeline hold, stage by stage: known if a record answers for the stage, otherwise
/// foreseen.
///
/// A kind may foresee it itself (`Stage.amounts`). Otherwise a stage is taken to produce as much per input item as it
/// last did, and an item-wise one as many items as it reads. If a stage never ran, its output per item is unknown, and
/// so are the bytes downstream.
struct Forecast {
    /// What an output holds.
    struct Output {
        var amount: Amount
        /// How many items have changed since the stage last ran, at most.
        var fresh: Double
    }

    private let workspace: Workspace
    private let pipeline: String
    private var outputs: [String: [String: Output]] = [:]

    init(_ workspace: Workspace, pipeline: String) {
        self.workspace = workspace
        self.pipeline = pipeline
    }

    /// What a stage reads, by port; nil if an input cannot be foreseen.
    func inputs(of node: StageNode, sources: [String: Amount]) -> [String: Output]? {
        var found: [String: Output] = [:]
        for input in node.inputs {
            guard let output = outputs[input.producer]?[input.output.name] else { return nil }
            found[input.port] = output
        }
        return found.merging(sources.mapValues { Output(amount: $0, fresh: $0.items) }) { own, _ in own }
    }

    /// Notes a stage for which a record answers.
    mutating func settle(_ node: StageNode, _ record: StageRecord) {
        var known: [String: Output] = [:]
        for output in node.outputs {
            guard let blob = record.outputs[output.name], let amount = try? workspace.amount(blob.hash) else {
                continue
            }
            // If the stage had another result last, all items may have changed.
            let isLast = (try? workspace.records.latestKey(pipeline: pipeline, stage: node.name)) == record.key
            known[output.name] = Output(amount: amount, fresh: isLast ? 0 : amount.items)
        }
        outputs[node.name] = known
    }

    /// Notes a stage that would run.
    /// - parameters:
    ///   - inputs: as `inputs(of:sources:)` returns them.
    ///   - fresh: how many of its items would be processed; nil: all.
    mutating func foresee(_ node: StageNode, _ inputs: [String: Output]?, fresh: Double?) {
        let last = lastRecord(of: node), before = last.flatMap(leading)
        let now = inputs.map { Self.leading($0.mapValues(\.amount), node) }
        let told = node.stage.amounts(from: PortMap((inputs ?? [:]).mapValues(\.amount)))
        var found: [String: Output] = [:]
        for output in node.outputs {
            let previous = last?.outputs[output.name].flatMap { try? workspace.amount($0.hash) }
            var amount = told[output]
            if amount == nil, let now { amount = Self.scaled(previous, from: before, to: now, node, output) }
            guard var amount else { continue }
            if amount.bytes == nil { amount.bytes = previous?.bytesPerItem.map { $0 * amount.items } }
            if amount.attributes.isEmpty { amount.attributes = attributes(node, inputs) ?? previous?.attributes ?? [:] }
            found[output.name] = Output(amount: amount, fresh: min(fresh ?? amount.items, amount.items))
        }
        outputs[node.name] = found
    }

    // MARK: From the last record

    /// The stage's own last record, or the newest one of its kind.
    private func lastRecord(of node: StageNode) -> StageRecord? {
        if let own = try? workspace.records.latest(pipeline: pipeline, stage: node.name), own.parts.kind == node.kind {
            return own
        }
        return (try? workspace.records.recent(kind: node.kind, atMost: 1))?.first
    }

    /// How many items the stage read when it made a record.
    private func leading(_ record: StageRecord) -> Double? {
        var counts = record.parts.inputs.values.compactMap { try? workspace.amount($0).items }
        guard counts.count == record.parts.inputs.count else { return nil }
        counts += record.listings.values.compactMap { blob in
            (try? workspace.blobs.read(blob)).map { Double($0.count { $0 == 0x0A }) }
        }
        return counts.max() ?? 0
    }

    private static func leading(_ inputs: [String: Amount], _ node: StageNode) -> Double {
        if node.stage.execution.itemwise != nil {
            let collections = node.inputs.filter { $0.output.type.form == .collection }.compactMap {
                inputs[$0.port]?.items
            }
            return collections.min() ?? 0
        }
        return inputs.values.map(\.items).max() ?? 0
    }

    private static func scaled(
        _ previous: Amount?, from before: Double?, to now: Double, _ node: StageNode, _ output: OutputPort
    ) -> Amount? {
        if node.stage.execution.itemwise != nil { return Amount(items: now) }
        guard output.type.form != .files else { return previous ?? Amount(items: 1) }
        guard let previous, let before else { return node.inputs.isEmpty ? nil : Amount(items: now) }
        let ratio = before > 0 ? now / before : 1
        return Amount(
            items: (previous.items * ratio).rounded(), bytes: previous.bytes.map { $0 * ratio },
            attributes: previous.attributes)
    }

    private func attributes(_ node: StageNode, _ inputs: [String: Output]?) -> [String: Value]? {
        guard let itemwise = node.stage.execution.itemwise, let inputs else { return nil }
        return try? itemwise.attributes(of: PortMap(inputs.mapValues(\.amount.attributes)))
    }
}
