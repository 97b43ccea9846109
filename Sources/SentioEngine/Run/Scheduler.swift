import SentioBase
import SentioKit
import SentioSpec

/// Runs a pipeline. Serial and deterministic; only the work is parallel.
///
/// The loop: start what is ready while there are cores; wait for one to finish; settle it. A stage whose record answers
/// is settled at once. Ready stages start by longest remaining path, then depth first, then in the order of the file.
actor Scheduler {
    private let pipeline: Pipeline
    private let workspace: Workspace
    private let options: RunOptions
    private let run: String
    private let runner: any StageRunner
    private let hub: EventHub
    private let cancellation: Cancellation
    private let wanted: Set<String>
    private let lookup: StageLookup
    private let prices: PriceList
    private let survey: StageSurvey
    private let links: RunLinks

    private var queue: StageQueue
    private var cores: CoreBudget
    private var healing = Healing()
    private var settled: [String: StageOutcome] = [:]
    private var records: [String: StageRecord] = [:]
    private var cached: [StageRecord] = []
    /// The stage of this run that made a result.
    private var makers: [StageKey: String] = [:]
    private var hasFailed = false
    private let finished: AsyncStream<(StageNode, StageWork, StageWorkResult)>
    private let finish: AsyncStream<(StageNode, StageWork, StageWorkResult)>.Continuation

    init(
        pipeline: Pipeline, workspace: Workspace, options: RunOptions, run: String, runner: any StageRunner,
        hub: EventHub,
        cancellation: Cancellation
    ) {
        self.pipeline = pipeline
        self.workspace = workspace
        self.options = options
        self.run = run
        self.runner = runner
        self.hub = hub
        self.cancellation = cancellation
        wanted = options.only.isEmpty ? Set(pipeline.graph.nodes.map(\.name)) : pipeline.graph.closure(of: options.only)
        lookup = StageLookup(pipeline, workspace: workspace, options: options)
        prices = PriceList(workspace.records)
        survey = StageSurvey(workspace: workspace, jobs: options.jobs)
        links = RunLinks(workspace: workspace, run: run)
        queue = StageQueue(pipeline.graph, wanted)
        cores = CoreBudget(options.jobs)
        (finished, finish) = AsyncStream.makeStream()
    }

    /// Runs everything that is wanted.
    /// - returns: the outcomes of the wanted stages in the graph's order.
    func runAll() async -> [StageOutcome] {
        let claim = await claimOutputs()
        defer { withExtendedLifetime(claim) {} }
        var completions = finished.makeAsyncIterator()
        while true {
            while mayStart, let name = queue.next(), let node = pipeline.graph[name] { start(node) }
            if cores.isIdle { break }
            guard let (node, work, result) = await completions.next() else { break }
            let postponed = cores.release(node.name)
            settle(node, work, result)
            for name in postponed { queue.push(name) }
        }
        skipTheRest()
        links.link(cached: cached, hasExecuted: settled.values.contains { $0.state != .cached })
        workspace.blobs.synchronize(isDue: true)
        workspace.saveStatCache()
        return pipeline.graph.nodes.compactMap { settled[$0.name] }
    }

    private var mayStart: Bool { cores.free > 0 && !cancellation.isCancelled && !(hasFailed && !options.keepGoing) }

    // MARK: Starting

    /// Holds the places where the run's stages leave files. Where that takes too long, those stages fail.
    private func claimOutputs() async -> OutputClaim? {
        let places = pipeline.outputPlaces(of: wanted), path = workspace.outputLockPath, stopwatch = Stopwatch()
        guard !places.isEmpty else { return nil }
        let stages = pipeline.graph.nodes.filter { wanted.contains($0.name) && folder($0) != nil }
        var isSaid = false
        do {
            while !cancellation.isCancelled {
                if let claim = try OutputClaim.attempt(places, lock: path) { return claim }
                let holder = LockHolder(claim: path), limit = options.waiting.limit(isOrphan: holder.isOrphaned)
                if let limit, stopwatch.seconds >= limit {
                    throw LockNotObtained(
                        what: "The outputs of `\(stages[0].name)` are", verb: "being written", holder: holder.text,
                        waited: options.waiting == .never ? nil : stopwatch.seconds, isOrphan: holder.isOrphaned)
                }
                if !isSaid {
                    let most = limit.map { ", at most \(DurationText.limit($0)) (--wait)" } ?? ""
                    say("Waiting for \(holder.text): it leaves files where this run does\(most).", stages[0])
                }
                isSaid = true
                try await Task.sleep(nanoseconds: 100_000_000)
            }
        } catch {
            let isLock = error is LockNotObtained
            for node in options.keepGoing ? stages : Array(stages.prefix(1)) {
                fail(node, "\(error)", parts: nil, isLock: isLock)
                queue.remove(node.name)
            }
        }
        return nil
    }

    private func start(_ node: StageNode) {
        do {
            let stage = try lookup.settle(node, records) { try lookup.scanner.scan($0, stage: node.name) }
            let isForced = options.force.contains(node.name) && !healing.contains(node.name)
            switch try lookup.decide(stage, isForced: isForced) {
            case .reuse(let record):
                do { try reuse(record, node, stage.inputs) } catch let error as BlobStoreError
                    where error.lostBlob != nil
                {
                    // What was to be put back into the user's folder is damaged: only reading it could tell.
                    launch(stage, RunReason(.lostOutputs(count: 1)), isForced: false)
                }
            case .run(let reason): launch(stage, reason, isForced: isForced)
            }
        } catch {
            fail(node, "\(error)", parts: nil)
        }
    }

    private func launch(_ stage: StageLookup.Settled, _ reason: RunReason, isForced: Bool) {
        let node = stage.node
        guard
            let threads = cores.take(
                node.cores(of: options.jobs), for: node.name, waitsForAll: node.stage.resources.waitsForCores)
        else {
            return
        }
        if reason.causes.contains(where: { $0.code == "lost-outputs" }) {
            say("\(reason.text); `\(node.name)` makes them again.", node)
        }
        let work = lookup.work(stage, reason, isForced: isForced, run: run, threads: threads)
        announce(work)
        let runner = runner, finish = finish
        Task { finish.yield((node, work, await runner.run(work))) }
    }

    /// nil for a stage that leaves nothing in the user's folder.
    private func folder(_ node: StageNode) -> StageFolder? {
        StageFolder(node, pipeline: pipeline.name, directory: pipeline.directory, workspace: workspace)
    }

    private func say(_ sentence: String, _ node: StageNode) { hub.emit(.warning(stage: node.name, sentence: sentence)) }

    private func announce(_ work: StageWork) {
        let node = work.node, offer = survey.offer(work), price = offer.price(by: prices)
        hub.emit(
            .stageStarted(
                StageStart(
                    stage: node.name, kind: node.kind, reason: work.reason, expectedSeconds: price?.seconds,
                    expectedRange: price.map { $0.low...$0.high }, resumption: offer.resumption?.mark.text)))
    }

    // MARK: Settling

    private func settle(_ node: StageNode, _ work: StageWork, _ result: StageWorkResult) {
        switch result {
        case .finished(let record, _, shared: true):
            do {
                try reuse(record, node, work.inputs)
            } catch let error as BlobStoreError where error.lostBlob != nil {
                queue.push(node.name)
            } catch {
                fail(node, "\(error)", parts: work.parts)
            }
        case .finished(let record, let items, shared: false):
            links.link(record)
            makers[record.key] = node.name
            prices.add(record)
            // What the stage wrote in the user's folder is what was stored a moment ago; nothing is to be put back.
            complete(
                node, record,
                StageOutcome(
                    stage: node.name, kind: node.kind, state: .executed, reason: work.reason, key: record.key,
                    seconds: record.seconds,
                    items: items,
                    outputs: record.outputs.mapValues(\.hash), inputs: work.inputs.artifacts.mapValues(\.hash),
                    configuration: node.configuration.values, metrics: record.metrics, series: record.series))
        case .lostInput(let hash, let sentence): heal(node, work, hash, sentence)
        case .failed(let sentence, let items, let isLeakage, let isLock):
            fail(
                node, sentence, parts: work.parts, reason: work.reason, items: items, isLeakage: isLeakage,
                isLock: isLock)
        case .cancelled: break
        }
    }

    private func reuse(_ record: StageRecord, _ node: StageNode, _ inputs: Planner.Inputs) throws {
        for sentence in try folder(node)?.restore(record) ?? [] { say(sentence, node) }
        let news = inputs.sources.sentences.filter { !record.warnings.contains($0) }
        for sentence in record.warnings + news { hub.emit(.warning(stage: node.name, sentence: sentence)) }
        try workspace.records.touch(record, pipeline: pipeline.name, stage: node.name)
        var own = record
        own.stage = node.name
        cached.append(own)
        var outcome = StageOutcome(
            stage: node.name, kind: node.kind, state: .cached, key: record.key,
            items: record.items.map {
                ItemCounts(total: $0, cached: $0 - record.failedItems, failed: record.failedItems)
            },
            outputs: record.outputs.mapValues(\.hash), inputs: inputs.artifacts.mapValues(\.hash),
            configuration: node.configuration.values,
            metrics: record.metrics, series: record.series)
        outcome.sharedWith = makers[record.key]
        complete(node, record, outcome)
    }

    private func complete(_ node: StageNode, _ record: StageRecord, _ outcome: StageOutcome) {
        records[node.name] = record
        var outcome = outcome
        outcome.warnings = record.warnings
        settled[node.name] = outcome
        hub.emit(.stageFinished(outcome))
        for dependent in (pipeline.graph.dependents[node.name] ?? []) + healing.finish(node.name) {
            queue.release(dependent, from: node.name)
        }
    }

    private func fail(
        _ node: StageNode, _ sentence: String, parts: KeyParts?, reason: RunReason? = nil, items: ItemCounts? = nil,
        isLeakage: Bool = false, isLock: Bool = false
    ) {
        hasFailed = true
        var outcome = StageOutcome(
            stage: node.name, kind: node.kind, state: .failed, reason: reason, key: parts.map(Hashing.stageKey),
            items: items,
            configuration: node.configuration.values, message: sentence, isLeakage: isLeakage)
        outcome.isLockFailure = isLock
        settled[node.name] = outcome
        hub.emit(.stageFinished(outcome))
    }

    /// Lets the producer of a lost blob run again, and this stage after it.
    private func heal(_ node: StageNode, _ work: StageWork, _ hash: ContentHash, _ sentence: String) {
        guard let producer = maker(of: hash, for: node) else {
            return fail(node, sentence, parts: work.parts, reason: work.reason)
        }
        switch healing.ask(producer, toMake: hash, for: node.name) {
        case .giveUp: return fail(node, sentence, parts: work.parts, reason: work.reason)
        case .begin:
            say("\(sentence) `\(producer)` runs again for it.", node)
            queue.push(producer)
        case .wait: break
        }
        queue.wait(node.name, for: producer)
    }

    /// The stage that made a blob among the inputs of a stage: not one that only passed it on.
    private func maker(of hash: ContentHash, for node: StageNode) -> String? {
        for input in node.inputs {
            guard let blob = records[input.producer]?.outputs[input.output.name] else { continue }
            if blob.hash == hash { return input.producer }
            guard let manifest = try? workspace.manifest(blob),
                manifest.entries.contains(where: { $0.blob.hash == hash })
            else { continue }
            return pipeline.graph[input.producer].flatMap { maker(of: hash, for: $0) } ?? input.producer
        }
        return nil
    }

    private func skipTheRest() {
        // In the graph's order each stage is told what failed before it by the stages it needs.
        var failedBefore: [String: Set<String>] = [:]
        for node in pipeline.graph.nodes where wanted.contains(node.name) && settled[node.name] == nil {
            let needed = node.dependencies
            let failed = Set(needed.filter { settled[$0]?.state == .failed }).union(
                needed.flatMap { failedBefore[$0] ?? [] }
            ).sorted()
            failedBefore[node.name] = Set(failed)
            let message =
                failed.isEmpty
                ? (cancellation.isCancelled ? "the run was stopped" : "the run ended before it")
                : "needs \(failed.joined(separator: ", "))"
            var outcome = StageOutcome(
                stage: node.name, kind: node.kind, state: .skipped, configuration: node.configuration.values,
                message: message)
            outcome.blockers = failed
            settled[node.name] = outcome
            hub.emit(.stageFinished(outcome))
        }
    }
}
