import SentioKit
import SentioSpec

/// The work that a stage would do now.
struct StageOffer: Sendable, Equatable {
    var kind: String
    var version: Int
    /// How much there is to do; nil if it cannot be foreseen.
    var load: Workload?
    var threads: Int
    /// For item-wise kinds.
    var items: ItemShare?
    var resumption: Resumption?

    /// How long the work would take. The rest of a resumed training is priced by its own first part.
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

/// Finds out how much work stages would do, given what is in the workspace. Changes nothing.
struct StageSurvey: Sendable {
    let workspace: Workspace
    let jobs: Int

    /// The work of a stage whose inputs are known.
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

    /// The work of a stage whose inputs are foreseen.
    /// - parameter fresh: for an item-wise stage, how many of its items have changed; nil: all.
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
        // Its warnings are reported by runs only.
        let runner = ItemRunner(
            stage: stage, work: work, artifacts: artifacts, workspace: workspace, services: RecordingServices())
        return try runner.survey()
    }
}
