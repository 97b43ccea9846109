public import SentioKit
public import SentioSpec

extension Engine {
    /// What would run and why, in the order of the graph: a dry run, which changes nothing.
    ///
    /// A stage behind a stale one is stale with the reason `upstream`: whether it really runs depends on the other
    /// one's outputs (if they come out byte-identical, it does not). Prices come from the records of stages of the same
    /// kind.
    public func plan(_ pipeline: Pipeline, options: RunOptions) -> [PlannedStage] {
        plan(pipeline, options: options, prices: PriceList(workspace.records))
    }

    package func plan(_ pipeline: Pipeline, options: RunOptions, prices: PriceList) -> [PlannedStage] {
        let hold = workspace.holdForReading()
        defer { withExtendedLifetime(hold) {} }
        try? workspace.records.refresh()
        let lookup = StageLookup(pipeline, workspace: workspace, options: options)
        var walk = GraphWalk(lookup, runner: DryRunner(lookup, prices: prices))
        walk.run()
        workspace.saveStatCache()
        let planned = walk.runner.planned
        return pipeline.graph.nodes.compactMap { planned[$0.name] }
    }

    /// Why stages would run: first the stages themselves, then what changes their inputs, down to the first cause.
    /// - returns: empty if they are up to date.
    public func why(_ stages: [String], in pipeline: Pipeline, options: RunOptions) -> [(
        stage: String, reason: RunReason
    )] {
        why(stages, plan(pipeline, options: options))
    }

    /// The same, from a plan that is made already.
    public func why(_ stages: [String], _ plan: [PlannedStage]) -> [(stage: String, reason: RunReason)] {
        let planned = Dictionary(plan.map { ($0.stage, $0) }, uniquingKeysWith: { first, _ in first })
        var chain: [(stage: String, reason: RunReason)] = [], seen: Set<String> = [], queue = stages
        while !queue.isEmpty {
            let name = queue.removeFirst()
            guard seen.insert(name).inserted, let plan = planned[name] else { continue }
            switch plan.state {
            case .upToDate: continue
            case .blocked(let sentence): chain.append((name, RunReason(.blocked(sentence))))
            case .stale(let reason):
                chain.append((name, reason))
                for case .upstream(let stages) in reason.causes { queue += stages }
            }
        }
        return chain
    }

    /// The last record of a stage of this pipeline: when it ran, why, and for how long. nil if there is none, or it
    /// cannot be read.
    public func lastRecord(of stage: String, in pipeline: Pipeline) -> StageRecord? {
        try? workspace.records.latest(pipeline: pipeline.name, stage: stage)
    }
}
