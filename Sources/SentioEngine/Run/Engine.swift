public import SentioKit

/// Runs pipelines in a workspace.
public struct Engine: Sendable {
    public let workspace: Workspace
    private let sinks: [any RunEventSink]
    let statistics: (any StageStatistics)?

    /// - parameter statistics: what compares stages song by song, for claims that ask so.
    public init(workspace: Workspace, sinks: [any RunEventSink] = [], statistics: (any StageStatistics)? = nil) {
        self.workspace = workspace
        self.sinks = sinks
        self.statistics = statistics
    }

    /// Runs what is not up to date. Never throws: what goes wrong is in the outcome, stage by stage.
    public func run(_ pipeline: Pipeline, options: RunOptions, cancellation: Cancellation = Cancellation()) async
        -> RunOutcome
    {
        let run = RunIdentity.make()
        let hub = EventHub(sinks, secrets: pipeline.secrets)
        let stopwatch = Stopwatch()
        hub.emit(.runStarted(describe(pipeline, options, run: run, startedAt: WallClock.seconds)))
        for sentence in pipeline.warnings { hub.emit(.warning(stage: nil, sentence: sentence)) }
        let hold = workspace.holdForRun(
            { cancellation.isCancelled },
            say: { hub.emit(.warning(stage: nil, sentence: $0)) })
        defer { withExtendedLifetime(hold) {} }
        // They may have been read before the hold; whatever is wrong with them each stage will say.
        try? workspace.records.refresh()
        if !Files.link(workspace.path + "/runs/latest", to: run),
            let kind = WorkspaceFile.kind(of: workspace.path + "/runs/latest")
        {
            hub.emit(
                .warning(
                    stage: nil,
                    sentence:
                        "\(workspace.path)/runs/latest is \(kind) and not the link to the newest run that it was. "
                        + "It is left alone; move it away, and the next run makes the link again."))
        }
        let lookup = StageLookup(pipeline, workspace: workspace, options: options)
        let outcomes = await WorkThreads.run { execute(lookup, run: run, hub, cancellation) }
            .map { pipeline.secrets.isEmpty ? $0 : $0.masked(pipeline.secrets) }
        let hasFailed = outcomes.contains { $0.state == .failed }
        let wasStopped = cancellation.isCancelled && outcomes.contains { $0.state == .skipped || $0.state == .failed }
        let wanted = Set(outcomes.map(\.stage))
        let asked = pipeline.expectations.filter { !wasStopped && $0.stages.isSubset(of: wanted) }
        let expectations = asked.map { $0.judge(outcomes, statistics: statistics) }
        for expectation in expectations { hub.emit(.expectation(expectation)) }
        let verdict = wasStopped ? nil : verdict(on: pipeline, outcomes, hub)
        var outcome = RunOutcome(
            run: run, status: wasStopped ? .interrupted : hasFailed ? .failed : .succeeded,
            seconds: stopwatch.seconds, stages: outcomes, expectations: expectations)
        outcome.unchecked = pipeline.expectations.filter { wasStopped || !$0.stages.isSubset(of: wanted) }.map(\.text)
        outcome.headline = pipeline.headline
        outcome.verdict = verdict
        hub.emit(.runFinished(outcome))
        return outcome
    }

    /// Walks the graph and executes what is stale. Blocks until the last stage has ended.
    private func execute(_ lookup: StageLookup, run: String, _ hub: EventHub, _ cancellation: Cancellation)
        -> [StageOutcome]
    {
        let stageRunner = LocalStageRunner(workspace: workspace, hub: hub, cancellation: cancellation)
        var runner = RealRunner(lookup, run: run, stageRunner: stageRunner, hub: hub, cancellation: cancellation)
        let failed = runner.claimOutputs()
        var walk = GraphWalk(lookup, runner: runner, excluding: failed)
        walk.run()
        return walk.runner.finish()
    }

    private func describe(_ pipeline: Pipeline, _ options: RunOptions, run: String, startedAt: Double) -> RunDescription
    {
        RunDescription(
            id: run, pipeline: pipeline.name, file: pipeline.path, name: options.name, profile: pipeline.profile,
            seed: pipeline.seed,
            replicate: options.replicate, parameters: pipeline.params, tags: options.tags,
            arguments: pipeline.secrets.masked(arguments: options.arguments),
            environment: options.environment, startedAt: startedAt, processID: RunIdentity.processID,
            stages: pipeline.graph.nodes.map {
                .init(name: $0.name, kind: $0.kind, after: $0.dependencies, row: $0.group?.row, group: $0.group?.name)
            }, sweep: options.sweep, headline: pipeline.headline, claims: pipeline.claims)
    }
}

extension RunOutcome {
    /// 0 done · 1 a stage failed · 6 an expectation failed · 7 leakage; a stopped run's code is its signal's.
    public var exitCode: Int32 {
        if stages.contains(where: \.isLeakage) { return 7 }
        if status == .failed { return stages.contains { $0.isLockFailure } ? 5 : 1 }
        return expectations.contains { !$0.holds } ? 6 : 0
    }
}
