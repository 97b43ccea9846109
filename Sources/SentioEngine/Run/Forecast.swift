import SentioKit

/// How much will lie on the ports of a pipeline, stage by stage: known where a record answers, else foreseen.
///
/// A kind may say it (`Stage.amounts`); else a stage leaves as much for each item that comes in as it did last, and an
/// item-wise one as many items as it reads. Where a stage never ran, what it leaves for each item is not known, and
/// neither are the bytes behind it.
struct Forecast {
    /// What lies on an output.
    struct Output {
        var amount: Amount
        /// Items that are not what they were when the stage ran last, at most.
        var fresh: Double
    }

    private let workspace: Workspace
    private let pipeline: String
    private var outputs: [String: [String: Output]] = [:]

    init(_ workspace: Workspace, pipeline: String) {
        self.workspace = workspace
        self.pipeline = pipeline
    }

    /// What comes in; nil where an input cannot be foreseen.
    func inputs(of node: StageNode, sources: [String: Amount]) -> [String: Output]? {
        var found: [String: Output] = [:]
        for input in node.inputs {
            guard let output = outputs[input.producer]?[input.output.name] else { return nil }
            found[input.port] = output
        }
        return found.merging(sources.mapValues { Output(amount: $0, fresh: $0.items) }) { own, _ in own }
    }

    /// A stage whose record answers.
    mutating func settle(_ node: StageNode, _ record: StageRecord) {
        var known: [String: Output] = [:]
        for output in node.outputs {
            guard let blob = record.outputs[output.name], let amount = try? workspace.amount(blob.hash) else {
                continue
            }
            // It may answer for a stage that had another result last; then its items are as new as can be.
            let isLast = (try? workspace.records.latestKey(pipeline: pipeline, stage: node.name)) == record.key
            known[output.name] = Output(amount: amount, fresh: isLast ? 0 : amount.items)
        }
        outputs[node.name] = known
    }

    /// A stage that would run.
    /// - parameters:
    ///   - inputs: as `inputs(of:sources:)` gives them.
    ///   - fresh: which of its items are worked on; nil: all.
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

    // MARK: By what it left last

    /// Its own last record, or the newest of its kind.
    private func lastRecord(of node: StageNode) -> StageRecord? {
        if let own = try? workspace.records.latest(pipeline: pipeline, stage: node.name), own.parts.kind == node.kind {
            return own
        }
        return (try? workspace.records.recent(kind: node.kind, atMost: 1))?.first
    }

    /// How many items the record's stage read.
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
