import SentioKit
import SentioSpec

/// What it would take to do a stage's work now.
struct StageOffer: Sendable, Equatable {
    var kind: String
    var version: Int
    /// What there is to do; nil where it cannot be foreseen.
    var load: Workload?
    var threads: Int
    /// Items that would be worked on, at most, and all; for item-wise kinds.
    var items: ItemShare?
    var resumption: Resumption?

    /// What is left of a training tells best what the rest takes: what its own first part took.
    func price(by list: PriceList) -> Price? {
        if let resumption, resumption.secondsBefore > 0, resumption.mark.done > 0 {
            let rest =
                resumption.secondsBefore / resumption.mark.done * max(0, resumption.mark.total - resumption.mark.done)
            return Price(
                seconds: rest + PriceList.overhead / 2, low: 0.8 * rest, high: 1.25 * rest + PriceList.overhead,
                records: 1)
        }
        return list.price(kind, version: version, load, threads: threads)
    }
}

/// Finds out what there is to do in stages, by what is in the workspace. Changes nothing.
struct StageSurvey: Sendable {
    let workspace: Workspace
    let jobs: Int

    /// A stage whose inputs are there.
    func offer(_ work: StageWork) -> StageOffer {
        let node = work.node
        var offer = StageOffer(
            kind: node.kind, version: node.version, load: work.inputs.amounts(workspace).map(node.workload),
            threads: node.cores(of: jobs))
        if let itemwise = node.stage.execution.itemwise {
            if let items = try? items(itemwise, work) {
                offer.items = items
                offer.load = offer.load?.scaled(by: Double(items.pending) / Double(max(1, items.total)))
            }
        } else {
            offer.resumption = workspace.resumption(work.checkpointKey, length: node.stage.length)
        }
        return offer
    }

    /// A stage whose inputs are not made yet.
    /// - parameter fresh: of an item-wise stage, the items that are not what they were; nil: all.
    func offer(_ node: StageNode, _ inputs: [String: Forecast.Output]?, fresh: Double?) -> StageOffer {
        var offer = StageOffer(
            kind: node.kind, version: node.version, load: inputs.map { node.workload(of: $0.mapValues(\.amount)) },
            threads: node.cores(of: jobs))
        let total = offer.load?.amounts["songs"]
        if node.stage.execution.itemwise != nil, let total, total > 0 {
            let pending = min(fresh ?? total, total)
            offer.items = ItemShare(pending: Int(pending), total: Int(total))
            offer.load = offer.load?.scaled(by: pending / total)
        }
        return offer
    }

    private func items(_ stage: any ItemwiseStage, _ work: StageWork) throws -> ItemShare {
        var artifacts: [String: Artifact] = [:]
        for (port, blob) in work.inputs.artifacts {
            artifacts[port] = Artifact(hash: blob.hash, manifest: try workspace.manifest(blob))
        }
        // What it would say, a run says.
        let runner = ItemRunner(
            stage: stage, work: work, artifacts: artifacts, workspace: workspace, services: RecordingServices())
        return try runner.survey()
    }
}
