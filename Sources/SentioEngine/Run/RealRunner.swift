import SentioKit
import SentioSpec

/// Executes the stages of a run: starts them while cores are free, lets the producer of a lost blob run again, and
/// keeps the outcomes.
struct RealRunner: WalkRunner {
    private let lookup: StageLookup
    private let workspace: Workspace
    private let run: String
    private let stageRunner: any StageRunner
    private let hub: EventHub
    private let cancellation: Cancellation
    private let prices: PriceList
    private let survey: StageSurvey
    private let links: RunLinks

    private var cores: CoreBudget
    private var healing = Healing()
    private var outcomes: RunOutcomes
    private var cached: [StageRecord] = []
    /// Held as long as the run.
    private var claim: OutputClaim?

    init(
        _ lookup: StageLookup, run: String, stageRunner: any StageRunner, hub: EventHub, cancellation: Cancellation
    ) {
        self.lookup = lookup
        workspace = lookup.workspace
        self.run = run
        self.stageRunner = stageRunner
        self.hub = hub
        self.cancellation = cancellation
        prices = PriceList(workspace.records)
        survey = StageSurvey(workspace: workspace, jobs: lookup.options.jobs)
        links = RunLinks(workspace: workspace, run: run)
        cores = CoreBudget(lookup.options.jobs)
        outcomes = RunOutcomes(hub)
    }

    // MARK: Before and after the walk

    /// Claims the places in the user's folder where the stages leave files. If another process holds one for too long,
    /// those stages fail.
    /// - returns: the stages that failed.
    mutating func claimOutputs() -> Set<String> {
        let places = lookup.pipeline.outputPlaces(of: lookup.wanted)
        guard !places.isEmpty else { return [] }
        let stages = lookup.pipeline.graph.nodes.filter { lookup.wanted.contains($0.name) && folder($0) != nil }
        do {
            let path = workspace.outputLockPath, first = stages[0].name
            let wait = LockWait(stage: first, waiting: lookup.options.waiting, hub: hub, cancellation: cancellation)
            claim = try wait.take(
                "The outputs of `\(first)` are", "being written", "writes to the same output files",
                holder: { LockHolder(claim: path) }, attempt: { try OutputClaim.attempt(places, lock: path) })
            return []
        } catch {
            let failed = lookup.options.keepGoing ? stages : Array(stages.prefix(1))
            for node in failed { _ = fail(node, "\(error)", isLock: error is LockNotObtained) }
            return Set(failed.map(\.name))
        }
    }

    /// Reports the stages that never started, and makes what was done visible and durable.
    /// - returns: the outcomes of all wanted stages, in the order of the graph.
    mutating func finish() -> [StageOutcome] {
        let nodes = lookup.pipeline.graph.nodes.filter { lookup.wanted.contains($0.name) }
        outcomes.skipTheRest(of: nodes, wasStopped: cancellation.isCancelled)
        links.link(cached: cached, hasExecuted: outcomes.hasUncached)
        workspace.blobs.synchronize(isDue: true)
        workspace.saveStatCache()
        return nodes.compactMap { outcomes[$0.name] }
    }

    // MARK: Starting

    var mayStart: Bool {
        cores.free > 0 && !cancellation.isCancelled && !(outcomes.hasFailed && !lookup.options.keepGoing)
    }

    func listing(of source: SourceRequest, for node: StageNode, known: [String: StageRecord]) throws -> SourceListing {
        try lookup.scanner.scan(source, stage: node.name)
    }

    mutating func take(_ node: StageNode, _ state: StageLookup.State) -> WalkStep {
        switch state {
        case .cached(let stage, let record):
            return reuse(record, node, stage.inputs) ?? start(stage, RunReason(.lostOutputs(count: 1)))
        case .stale(let stage, let reason): return start(stage, reason)
        case .blocked(let error): return fail(node, "\(error)")
        case .behind: return .failed
        }
    }

    private mutating func start(_ stage: StageLookup.KeyedStage, _ reason: RunReason) -> WalkStep {
        let node = stage.node
        guard
            let threads = cores.take(
                node.cores(of: lookup.options.jobs), for: node.name, waitsForAll: node.stage.resources.waitsForCores)
        else { return .postponed }
        if reason.causes.contains(where: { $0.code == "lost-outputs" }) {
            say("\(reason.text); `\(node.name)` runs again to recreate what is lost.", node)
        }
        let work = lookup.work(stage, reason, run: run, threads: threads)
        let offer = survey.offer(work), price = offer.price(by: prices)
        hub.emit(
            .stageStarted(
                StageStart(
                    stage: node.name, kind: node.kind, reason: reason, expectedSeconds: price?.seconds,
                    expectedRange: price.map { $0.low...$0.high }, resumption: offer.resumption?.mark.text)))
        stageRunner.start(work)
        return .started
    }

    // MARK: Settling

    mutating func next(known: [String: StageRecord]) -> (StageNode, WalkStep)? {
        if cores.isIdle { return nil }
        let (work, result) = stageRunner.next()
        cores.release(work.node.name)
        return (work.node, settle(work, result, known))
    }

    private mutating func settle(_ work: StageWork, _ result: StageWorkResult, _ known: [String: StageRecord])
        -> WalkStep
    {
        let node = work.node
        switch result {
        case .finished(let record, _, shared: true):
            return reuse(record, node, work.inputs, parts: work.parts) ?? .postponed
        case .finished(let record, let items, shared: false):
            links.link(record)
            prices.add(record)
            healing.finish(node.name)
            // The files that the stage wrote in the user's folder are those just stored; there is nothing to restore.
            outcomes.executed(work, record, items)
            return .known(record)
        case .lostInput(let hash, let sentence): return heal(work, hash, sentence, known)
        case .failed(let sentence, let items, let isLeakage, let isLock):
            return fail(
                node, sentence, parts: work.parts, reason: work.reason, items: items, isLeakage: isLeakage,
                isLock: isLock)
        case .cancelled: return .failed
        }
    }

    /// - parameter parts: for the outcome if it fails.
    /// - returns: nil if an output is damaged that was to be restored into the user's folder: only reading it could
    ///   tell.
    private mutating func reuse(
        _ record: StageRecord, _ node: StageNode, _ inputs: Planner.Inputs, parts: KeyParts? = nil
    ) -> WalkStep? {
        do {
            for sentence in try folder(node)?.restore(record) ?? [] { say(sentence, node) }
            let news = inputs.sources.sentences.filter { !record.warnings.contains($0) }
            for sentence in record.warnings + news { say(sentence, node) }
            try workspace.records.touch(record, pipeline: lookup.pipeline.name, stage: node.name)
        } catch let error as BlobStoreError where error.lostBlob != nil { return nil } catch {
            return fail(node, "\(error)", parts: parts)
        }
        var own = record
        own.stage = node.name
        cached.append(own)
        healing.finish(node.name)
        outcomes.cached(node, record, inputs)
        return .known(record)
    }

    private mutating func heal(
        _ work: StageWork, _ hash: ContentHash, _ sentence: String, _ known: [String: StageRecord]
    ) -> WalkStep {
        let producer = Healing.maker(of: hash, for: work.node, known: known, lookup)
        guard let producer, let isNew = healing.ask(producer, toRecreate: hash) else {
            return fail(work.node, sentence, parts: work.parts, reason: work.reason)
        }
        if isNew { say("\(sentence) `\(producer)` runs again to recreate it.", work.node) }
        return .waits(for: producer, runsAgain: isNew)
    }

    private mutating func fail(
        _ node: StageNode, _ sentence: String, parts: KeyParts? = nil, reason: RunReason? = nil,
        items: ItemCounts? = nil, isLeakage: Bool = false, isLock: Bool = false
    ) -> WalkStep {
        var outcome = StageOutcome(
            stage: node.name, kind: node.kind, state: .failed, reason: reason, key: parts.map(Hashing.stageKey),
            items: items, configuration: node.configuration.values, message: sentence, isLeakage: isLeakage)
        outcome.isLockFailure = isLock
        outcomes.add(outcome)
        return .failed
    }

    /// nil for a stage that leaves nothing in the user's folder.
    private func folder(_ node: StageNode) -> StageFolder? {
        StageFolder(
            node, pipeline: lookup.pipeline.name, directory: lookup.pipeline.directory, workspace: workspace)
    }

    private func say(_ sentence: String, _ node: StageNode) { hub.emit(.warning(stage: node.name, sentence: sentence)) }
}
