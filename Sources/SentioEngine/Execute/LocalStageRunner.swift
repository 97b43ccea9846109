import SentioBase
import SentioKit
import SentioSpec

/// Runs stages on threads of this process.
struct LocalStageRunner: StageRunner {
    let workspace: Workspace
    let hub: EventHub
    let cancellation: Cancellation
    private let ended = Mailbox<(StageWork, StageWorkResult)>()
    private let twins = KeyTurns()

    init(workspace: Workspace, hub: EventHub, cancellation: Cancellation) {
        self.workspace = workspace
        self.hub = hub
        self.cancellation = cancellation
    }

    func start(_ work: StageWork) { WorkThreads.start { ended.add((work, perform(work))) } }

    func next() -> (StageWork, StageWorkResult) { ended.next() }

    private func perform(_ work: StageWork) -> StageWorkResult {
        // Stages of this run with one key: the first executes, and the others find its result.
        twins.enter(work.key)
        defer { twins.leave(work.key) }
        do {
            guard let lock = try lock(work) else { return .cancelled }
            defer { withExtendedLifetime(lock) {} }
            if let record = try recordOfOther(work) { return .finished(record, items: nil, shared: true) }
            let folder = StageFolder(
                work.node, pipeline: work.pipeline, directory: work.directory, workspace: workspace)
            let result = try execute(work, folder)
            if case .finished = result { folder?.finish() } else { folder?.fail() }
            return result
        } catch {
            return failure(error, items: nil)
        }
    }

    // MARK: Sharing with other processes

    /// - returns: nil if the run is cancelled first.
    private func lock(_ work: StageWork) throws -> FileLock? {
        let path = workspace.lockPath(work.key), stage = work.node.name
        let wait = LockWait(stage: stage, waiting: work.waiting, hub: hub, cancellation: cancellation)
        return try wait.take(
            "The stage `\(stage)` is", "being run", "runs the same stage", holder: { FileLock.holder(path) },
            attempt: { try FileLock.attempt(path) })
    }

    /// The record that another process, or a twin of the stage, stored while this one waited for the lock.
    private func recordOfOther(_ work: StageWork) throws -> StageRecord? {
        guard !work.isForced else { return nil }
        try workspace.records.refresh()
        guard let record = try workspace.records.stage(work.key), record.answers(work.node),
            workspace.taintCause(of: record) == nil, work.node.stage.objection(to: record.series) == nil
        else { return nil }
        return record.lostBlobs(entries: workspace.entryBlobs, contains: workspace.blobs.contains) == 0 ? record : nil
    }

    // MARK: Work

    private func execute(_ work: StageWork, _ folder: StageFolder?) throws -> StageWorkResult {
        let node = work.node, key = work.key
        let checkpoints = workspace.checkpointDirectory(work.checkpointKey)
        let stopwatch = Stopwatch()
        let services = EngineServices(
            stage: node.name, secrets: node.secrets, hub: hub, cancellation: cancellation,
            logPath: workspace.runDirectory(work.run) + "/\(node.name)/log.txt", checkpoints: checkpoints,
            note: { mark, seconds in
                CheckpointNote(
                    mark: mark, seconds: seconds, kind: node.kind, stage: node.name, pipeline: work.pipeline,
                    run: work.run)
            }, temporary: { workspace.temporaryPath("stat") })
        var artifacts: [String: Artifact] = [:]
        for (port, blob) in work.inputs.artifacts {
            artifacts[port] = Artifact(hash: blob.hash, manifest: try workspace.manifest(blob))
        }
        let seed = Hashing.seed(run: work.runSeed, stage: node.name, replicate: work.replicate)

        for sentence in work.inputs.sources.sentences { services.warn(sentence) }
        for sentence in try folder?.prepare() ?? [] { services.remark(sentence) }
        var manifests: [String: Manifest], items: ItemCounts?, working = 0.0
        do {
            switch node.stage.execution {
            case .itemwise(let stage):
                let runner = ItemRunner(
                    stage: stage, work: work, artifacts: artifacts, workspace: workspace, services: services)
                let result = try runner.run()
                items = result.counts
                working = result.working
                if let sentence = result.failure {
                    return .failed(sentence: sentence, items: items, isLeakage: false, isLock: false)
                }
                manifests = [node.outputs[0].name: result.manifest]
            case .whole(let stage):
                let attempt = try TemporaryFolder(in: workspace.path + "/tmp", purpose: "attempt")
                defer { withExtendedLifetime(attempt) {} }
                let context = StageContext(
                    stage: node.name, runID: work.run, runSeed: work.runSeed, seed: seed, threads: work.threads,
                    temporaryDirectory: Paths.absolute(attempt.path), workingDirectory: work.directory,
                    inputs: artifacts,
                    sourceFiles: work.inputs.sources.mapValues(\.files),
                    leftOut: work.inputs.sources.mapValues(\.leftOut),
                    sourceLineage: work.inputs.sourceLineage,
                    outputPorts: node.outputs, store: workspace.blobs, services: services,
                    beforeRetry: {
                        folder?.fail()
                        for sentence in try folder?.prepare() ?? [] { services.remark(sentence) }
                    })
                try stage.run(context)
                manifests = context.outputs
            }
        } catch {
            return failure(error, items: items)
        }
        if cancellation.isCancelled, node.outputs.contains(where: { manifests[$0.name] == nil }) { return .cancelled }
        for output in node.outputs where manifests[output.name] == nil {
            return .failed(
                sentence: "`\(node.name)` finished without its output `\(output.name)`.", items: items,
                isLeakage: false, isLock: false)
        }
        let seconds = stopwatch.seconds
        let measured = measured(work, artifacts, items)
        var record = StageRecord(
            key: key, stage: node.name, pipeline: work.pipeline, run: work.run, parts: work.parts.masked(node.secrets),
            listings: try listings(work),
            outputs: try manifests.mapValues { try workspace.blobs.write($0.encoded()) }, metrics: services.metrics,
            series: services.series,
            items: items?.total, seconds: seconds,
            cost: items.map { cost(seconds, working, $0, work) } ?? services.seconds,
            reason: work.reason.masked(node.secrets).text, finishedAt: WallClock.seconds)
        record.failedItems = items?.failed ?? 0
        record.warnings = services.warnings
        record.taintsSeen = workspace.taints.seen
        record.work = measured
        if let sentence = try staleMark(work, record) { services.remark(sentence) }
        if let changed = changedSource(work) {
            services.remark(
                "\(changed) while `\(node.name)` ran. This run uses the result but does not record it, because "
                    + "it may be made from either version."
            )
        } else {
            workspace.blobs.synchronize()
            try workspace.records.store(record)
        }
        if node.stage.continuesOver.isEmpty { Files.remove(checkpoints) }
        return .finished(record, items: items, shared: false)
    }

    /// For stages that read songs: warns that a tainted song is still among them, since it would reach everything
    /// again.
    private func staleMark(_ work: StageWork, _ record: StageRecord) throws -> String? {
        guard !workspace.taints.isEmpty, work.inputs.artifacts.isEmpty, !work.inputs.sources.isEmpty else { return nil }
        var lineage = Lineage()
        for output in record.outputs.values { lineage.formUnion(try workspace.manifest(output).allSongs) }
        let marks = workspace.taints.marks.filter { lineage.contains($0.song) }
        guard let first = marks.first else { return nil }
        let more = marks.count > 1 ? " and \(marks.count - 1) more are" : " is"
        return "The tainted song `\(first.id)` (\(first.reason))\(more) still in `\(work.node.name)`. "
            + "Replace or remove it, or clear its mark with `artifacts untaint` once it is corrected."
    }

    /// How long all items of a stage would take, extrapolated from those that were processed; if none was, estimated
    /// from other records.
    private func cost(_ seconds: Double, _ working: Double, _ items: ItemCounts, _ work: StageWork) -> Double {
        guard items.executed > 0 else {
            let load = work.inputs.amounts(workspace).map(work.node.workload)
            let price = PriceList(workspace.records).price(
                work.node.kind, version: work.node.version, load, threads: work.threads)
            return max(price?.seconds ?? 0, seconds)
        }
        // Items run one per thread, so the time grows with the number of rounds.
        func rounds(_ count: Int) -> Double { Double((count + work.threads - 1) / work.threads) }
        return max(0, seconds - working) + working * rounds(items.total) / rounds(items.executed)
    }

    /// What prices are based on; nil if nothing was done.
    private func measured(_ work: StageWork, _ artifacts: [String: Artifact], _ items: ItemCounts?) -> MeasuredWork? {
        let inputs = artifacts.mapValues { Amount($0.manifest) }.merging(work.inputs.sourceAmounts) { own, _ in own }
        let share = items.map { Double($0.executed) / Double(max(1, $0.total)) } ?? 1
        guard share > 0 else { return nil }
        return MeasuredWork(load: work.node.workload(of: inputs), share: share, threads: work.threads)
    }

    /// A source that has changed since the stage's key was made, such as a script edited during a long run.
    private func changedSource(_ work: StageWork) -> String? {
        let scanner = SourceScanner(directory: work.directory, workspace: workspace, threads: work.threads)
        for request in work.node.stage.sources {
            guard let before = work.inputs.sources[request.name] else { continue }
            guard let now = try? scanner.scan(request, stage: work.node.name) else {
                return "\(request.path) was removed"
            }
            if now.hash != before.hash {
                return RunCause.source(name: request.name, changes: now.changes(since: before.encoded)).text
            }
        }
        return nil
    }

    private func listings(_ work: StageWork) throws -> [String: BlobReference] {
        try work.inputs.sources.mapValues { try workspace.blobs.write($0.encoded) }
    }

    private func failure(_ error: any Error, items: ItemCounts?) -> StageWorkResult {
        if cancellation.isCancelled { return .cancelled }
        if case BlobStoreError.sourceChanged(let path) = error { workspace.statCache.forget(path) }
        if let lost = (error as? BlobStoreError)?.lostBlob { return .lostInput(lost, sentence: "\(error)") }
        let sentence =
            error is StageCancelled ? "The stage stopped as if it were cancelled, but the run is not." : "\(error)"
        return .failed(
            sentence: sentence, items: items, isLeakage: error is LeakageError, isLock: error is LockNotObtained)
    }
}
