import SentioKit

/// Runs a pipeline. Serial and deterministic; only the work is parallel.
///
/// The loop: start what is ready while there are cores; wait for one to finish; settle it. A stage whose record answers
/// is settled at once. Ready stages start by longest remaining path, then depth first, then in the order of the file.
actor Scheduler {
    private let pipeline: Pipeline
    private let workspace: Workspace
    private let options: RunOptions
    private let planner: Planner
    private let runner: any StageRunner
    private let hub: EventHub
    private let cancellation: Cancellation
    private let run: String
    private let scanner: SourceScanner
    private let links: RunLinks
    private let wanted: Set<String>
    private let prices: PriceList
    private let survey: StageSurvey

    private var ready: ReadyQueue
    /// The stages that each waits for.
    private var waitingFor: [String: Set<String>] = [:]
    private var settled: [String: StageOutcome] = [:]
    private var records: [String: StageRecord] = [:]
    private var cached: [StageRecord] = []
    /// The stage of this run that made a result.
    private var makers: [StageKey: String] = [:]
    private var heals: [ContentHash: Int] = [:]
    private var healing: Set<String> = []
    /// The stages that wait for one that heals, by its name.
    private var waitingForHealing: [String: [String]] = [:]
    private var freeCores: Int
    private var running: [String: Int] = [:]
    /// Stages that wait until all the cores that they ask for are free.
    private var waitingForCores: [String] = []
    private var hasFailed = false
    private let finished: AsyncStream<(StageNode, StageWork, StageWorkResult)>
    private let finish: AsyncStream<(StageNode, StageWork, StageWorkResult)>.Continuation

    init(
        pipeline: Pipeline, workspace: Workspace, options: RunOptions, run: String, runner: any StageRunner, hub: EventHub,
        cancellation: Cancellation
    ) {
        self.pipeline = pipeline
        self.workspace = workspace
        self.options = options
        self.run = run
        self.runner = runner
        self.hub = hub
        self.cancellation = cancellation
        let blobs = workspace.blobs
        planner = Planner(
            pipeline: pipeline.name, seed: pipeline.seed, replicate: options.replicate(of:), records: workspace.records, blobs: blobs,
            manifest: { [workspace] in try workspace.manifest($0) },
            entryBlobs: { [workspace] in try workspace.entryBlobs($0) },
            contains: { blobs.contains($0) }, taintCause: { [workspace] in workspace.taintCause(of: $0) })
        scanner = SourceScanner(directory: pipeline.directory, workspace: workspace, threads: options.jobs)
        links = RunLinks(workspace: workspace, run: run)
        wanted = options.only.isEmpty ? Set(pipeline.graph.nodes.map(\.name)) : pipeline.graph.closure(of: options.only)
        ready = ReadyQueue(pipeline.graph)
        prices = PriceList(workspace.records)
        survey = StageSurvey(workspace: workspace, jobs: options.jobs)
        freeCores = options.jobs
        (finished, finish) = AsyncStream.makeStream()
    }

    /// Runs everything that is wanted.
    /// - returns: the outcomes of the wanted stages in the graph's order.
    func runAll() async -> [StageOutcome] {
        for node in pipeline.graph.nodes where wanted.contains(node.name) {
            waitingFor[node.name] = Set(node.dependencies)
            if node.dependencies.isEmpty { ready.push(node.name) }
        }
        let claim = await claimOutputs()
        defer { withExtendedLifetime(claim) {} }
        var completions = finished.makeAsyncIterator()
        while true {
            while freeCores > 0, !cancellation.isCancelled, !(hasFailed && !options.keepGoing), let name = ready.pop(),
                let node = pipeline.graph[name]
            {
                start(node)
            }
            if running.isEmpty { break }
            guard let (node, work, result) = await completions.next() else { break }
            freeCores += running.removeValue(forKey: node.name) ?? 0
            settle(node, work, result)
            for name in waitingForCores { ready.push(name) }
            waitingForCores = []
        }
        skipTheRest()
        links.link(cached: cached, hasExecuted: settled.values.contains { $0.state != .cached })
        workspace.blobs.synchronize(isDue: true)
        workspace.saveStatCache()
        return pipeline.graph.nodes.compactMap { settled[$0.name] }
    }

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
                    let most = limit.map { ", at most \(WaitText.duration($0)) (--wait)" } ?? ""
                    say("Waiting for \(holder.text): it leaves files where this run does\(most).", stages[0])
                }
                isSaid = true
                try await Task.sleep(nanoseconds: 100_000_000)
            }
        } catch {
            let isLock = error is LockNotObtained
            for node in options.keepGoing ? stages : Array(stages.prefix(1)) {
                fail(node, "\(error)", parts: nil, isLock: isLock)
                waitingFor[node.name] = nil
            }
            ready.remove(Set(settled.keys))
        }
        return nil
    }

    private func start(_ node: StageNode) {
        do {
            let inputs = try inputs(of: node)
            let parts = planner.parts(node, inputs)
            let isForced = options.force.contains(node.name) && !healing.contains(node.name)
            switch try planner.decide(node, parts: parts, isForced: isForced) {
            case .reuse(let record):
                do {
                    try reuse(record, node, inputs)
                } catch let error as BlobStoreError where error.lostBlob != nil {
                    // What was to be put back into the user's folder is damaged: only reading it could tell.
                    launch(node, parts, inputs, RunReason(.lostOutputs(count: 1)), isForced: false)
                }
            case .run(let reason): launch(node, parts, inputs, planner.naming(reason, of: node, inputs), isForced: isForced)
            }
        } catch {
            fail(node, "\(error)", parts: nil)
        }
    }

    private func inputs(of node: StageNode) throws -> Planner.Inputs {
        var inputs = Planner.Inputs()
        for input in node.inputs { inputs.artifacts[input.port] = records[input.producer]?.outputs[input.output.name] }
        for request in node.stage.sources { inputs.sources[request.name] = try scanner.scan(request, stage: node.name) }
        inputs.sourceLineage = try planner.sourceLineage(of: node, records: records)
        return inputs
    }

    private func launch(_ node: StageNode, _ parts: KeyParts, _ inputs: Planner.Inputs, _ reason: RunReason, isForced: Bool) {
        let asked = node.cores(of: options.jobs)
        if freeCores < asked, node.stage.resources.waitsForCores { return waitingForCores.append(node.name) }
        let cores = min(asked, freeCores)
        if reason.causes.contains(where: { $0.code == "lost-outputs" }) {
            hub.emit(.warning(stage: node.name, sentence: "\(reason.text); `\(node.name)` makes them again."))
        }
        let work = StageWork(
            node: node, parts: parts, inputs: inputs, reason: reason, isForced: isForced, pipeline: pipeline.name,
            directory: pipeline.directory,
            run: run, runSeed: pipeline.seed, replicate: options.replicate(of: node.name), threads: cores, waiting: options.waiting)
        announce(work)
        freeCores -= cores
        running[node.name] = cores
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
                ready.push(node.name)
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
                    stage: node.name, kind: node.kind, state: .executed, reason: work.reason, key: record.key, seconds: record.seconds,
                    items: items,
                    outputs: record.outputs.mapValues(\.hash), inputs: work.inputs.artifacts.mapValues(\.hash),
                    configuration: node.configuration.values, metrics: record.metrics, series: record.series))
        case .lostInput(let hash, let sentence): heal(node, work, hash, sentence)
        case .failed(let sentence, let items, let isLeakage, let isLock):
            fail(node, sentence, parts: work.parts, reason: work.reason, items: items, isLeakage: isLeakage, isLock: isLock)
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
            items: record.items.map { ItemCounts(total: $0, cached: $0 - record.failedItems, failed: record.failedItems) },
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
        healing.remove(node.name)
        hub.emit(.stageFinished(outcome))
        let dependents = pipeline.graph.dependents[node.name] ?? []
        for dependent in dependents + (waitingForHealing.removeValue(forKey: node.name) ?? []) {
            // A stage that ran again for one reader's sake releases only those that wait for it.
            guard waitingFor[dependent]?.remove(node.name) != nil else { continue }
            if waitingFor[dependent]?.isEmpty == true { ready.push(dependent) }
        }
    }

    private func fail(
        _ node: StageNode, _ sentence: String, parts: KeyParts?, reason: RunReason? = nil, items: ItemCounts? = nil,
        isLeakage: Bool = false, isLock: Bool = false
    ) {
        hasFailed = true
        var outcome = StageOutcome(
            stage: node.name, kind: node.kind, state: .failed, reason: reason, key: parts.map(Hashing.stageKey), items: items,
            configuration: node.configuration.values, message: sentence, isLeakage: isLeakage)
        outcome.isLockFailure = isLock
        settled[node.name] = outcome
        hub.emit(.stageFinished(outcome))
    }

    /// Lets the producer of a lost blob run again, and this stage after it.
    private func heal(_ node: StageNode, _ work: StageWork, _ hash: ContentHash, _ sentence: String) {
        guard let producer = maker(of: hash, for: node) else { return fail(node, sentence, parts: work.parts, reason: work.reason) }
        // One that is being healed already may have counted this blob as there; then it is asked once more.
        if !healing.contains(producer) {
            heals[hash, default: 0] += 1
            guard heals[hash] == 1 else { return fail(node, sentence, parts: work.parts, reason: work.reason) }
            healing.insert(producer)
            hub.emit(.warning(stage: node.name, sentence: "\(sentence) `\(producer)` runs again for it."))
            ready.push(producer)
        }
        waitingFor[node.name] = [producer]
        waitingForHealing[producer, default: []].append(node.name)
    }

    /// The stage that made a blob among the inputs of a stage: not one that only passed it on.
    private func maker(of hash: ContentHash, for node: StageNode) -> String? {
        for input in node.inputs {
            guard let blob = records[input.producer]?.outputs[input.output.name] else { continue }
            if blob.hash == hash { return input.producer }
            guard let manifest = try? workspace.manifest(blob), manifest.entries.contains(where: { $0.blob.hash == hash }) else { continue }
            return pipeline.graph[input.producer].flatMap { maker(of: hash, for: $0) } ?? input.producer
        }
        return nil
    }

    private func skipTheRest() {
        // In the graph's order each stage is told what failed before it by the stages it needs.
        var failedBefore: [String: Set<String>] = [:]
        for node in pipeline.graph.nodes where wanted.contains(node.name) && settled[node.name] == nil {
            let needed = node.dependencies
            let failed = Set(needed.filter { settled[$0]?.state == .failed }).union(needed.flatMap { failedBefore[$0] ?? [] }).sorted()
            failedBefore[node.name] = Set(failed)
            let message =
                failed.isEmpty
                ? (cancellation.isCancelled ? "the run was stopped" : "the run ended before it") : "needs \(failed.joined(separator: ", "))"
            var outcome = StageOutcome(
                stage: node.name, kind: node.kind, state: .skipped, configuration: node.configuration.values, message: message)
            outcome.blockers = failed
            settled[node.name] = outcome
            hub.emit(.stageFinished(outcome))
        }
    }
}

/// Stages that may start, best first: longest remaining path, then the one enabled last, then the order of the file.
struct ReadyQueue {
    private let depth: [String: Int]
    private let order: [String: Int]
    private var entries: [(name: String, depth: Int, enabled: Int, order: Int)] = []
    private var enabled = 0
    /// What is pushed between two pops was enabled by the same stage, or waits for nothing.
    private var isSameWave = false

    init(_ graph: StageGraph) {
        depth = graph.remainingDepth()
        order = Dictionary(graph.nodes.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func push(_ name: String) {
        if !isSameWave { enabled += 1 }
        isSameWave = true
        let entry = (name: name, depth: depth[name] ?? 0, enabled: enabled, order: order[name] ?? 0)
        // Kept sorted, the best last: stages that the same stage enabled differ in order only.
        var low = 0, high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let other = entries[middle]
            let isBefore = (other.depth, other.enabled, -other.order) < (entry.depth, entry.enabled, -entry.order)
            if isBefore { low = middle + 1 } else { high = middle }
        }
        entries.insert(entry, at: low)
    }

    mutating func remove(_ names: Set<String>) { entries.removeAll { names.contains($0.name) } }

    mutating func pop() -> String? {
        isSameWave = false
        return entries.popLast()?.name
    }
}
