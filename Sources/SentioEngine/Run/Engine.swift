public import SentioKit
public import SentioSpec

/// Plans and runs pipelines in a workspace.
public struct Engine: Sendable {
    /// Where results and records are kept.
    public let workspace: Workspace
    private let sinks: [any RunEventSink]
    let statistics: (any StageStatistics)?

    /// - parameters:
    ///   - sinks: receive the events of runs, all in the same order.
    ///   - statistics: compares stages song by song; without it, claims that need such a comparison cannot be judged.
    public init(workspace: Workspace, sinks: [any RunEventSink] = [], statistics: (any StageStatistics)? = nil) {
        self.workspace = workspace
        self.sinks = sinks
        self.statistics = statistics
    }

    /// Runs whatever is not up to date. It never throws; failures are part of the outcome, stage by stage.
    ///
    /// If `cancellation` is set, the stages at work stop, no other starts, and the run ends as interrupted.
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
        // Records may have been read before the hold. If they cannot be read, each stage reports it.
        try? workspace.records.refresh()
        if !Files.link(workspace.path + "/runs/latest", to: run),
            let kind = WorkspaceFile.kind(of: workspace.path + "/runs/latest")
        {
            hub.emit(
                .warning(
                    stage: nil,
                    sentence:
                        "\(workspace.path)/runs/latest is \(kind), not the link to the newest run. It is left "
                        + "unchanged; move it away, and the next run creates the link again."))
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
        var description = RunDescription(
            id: run, pipeline: pipeline.name, file: pipeline.path, name: options.name, profile: pipeline.profile,
            seed: pipeline.seed,
            replicate: options.replicate, parameters: pipeline.params, tags: options.tags,
            arguments: pipeline.secrets.masked(arguments: options.arguments),
            environment: options.environment, startedAt: startedAt, processID: RunIdentity.processID,
            stages: pipeline.graph.nodes.map {
                .init(name: $0.name, kind: $0.kind, after: $0.dependencies, row: $0.group?.row, group: $0.group?.name)
            }, sweep: options.sweep, headline: pipeline.headline, claims: pipeline.claims)
        description.profiles = pipeline.profiles
        description.outlook = options.outlook
        return description
    }
}

extension RunOutcome {
    /// 0: success; 1: a stage failed; 5: another process holds what a stage needs; 6: an expectation does not hold;
    /// 7: leakage. The exit code of an interrupted run is `Cancellation.exitCode`.
    public var exitCode: Int32 {
        if stages.contains(where: \.isLeakage) { return 7 }
        if status == .failed { return stages.contains { $0.isLockFailure } ? 5 : 1 }
        return expectations.contains { !$0.holds } ? 6 : 0
    }
}
