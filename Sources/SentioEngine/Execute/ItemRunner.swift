import SentioBase
import SentioKit
import SentioSpec
import Synchronization

/// Runs an item-wise stage: finds the items without a record, processes them in parallel, and commits each at once.
///
/// Memory holds the data of one item per thread, and a few bytes for each other item.
struct ItemRunner: Sendable {
    let stage: any ItemwiseStage
    let work: StageWork
    let artifacts: [String: Artifact]
    let workspace: Workspace
    let services: any StageServices

    struct Outcome {
        let manifest: Manifest
        let counts: ItemCounts
        /// Set if items failed and the stage does not skip them.
        let failure: String?
        /// Seconds of wall time that the processed items took together.
        let working: Double
    }

    private struct Task: Sendable {
        let id: String
        let key: ItemKey
        let entries: [(port: String, entry: Manifest.Entry)]
    }

    private struct State {
        var outputs: [Int: BlobReference] = [:]
        var failures: [Int: String] = [:]
        var warnings: [Int: [String]] = [:]
        var executed = 0
        var cached = 0
        var remade = 0
        var fatal: (any Error)?
    }

    func run() throws -> Outcome {
        let collections = artifacts.filter { $0.value.manifest.form == .collection }
        let tasks = try joined(collections)
        let shared = SharedInputs(
            attributes: PortMap(artifacts.mapValues(\.manifest.attributes)),
            files: PortMap(
                try artifacts.filter { $0.value.manifest.form != .collection }.mapValues { artifact in
                    try artifact.manifest.entries.first.map { try workspace.blobs.read($0.blob) } ?? []
                }))
        var state = State()
        let pending = try lookUp(tasks, &state)
        services.progress(done: tasks.count - pending.count, of: tasks.count, note: "")
        let stopwatch = Stopwatch()
        if !pending.isEmpty { state = try compute(pending, tasks, shared, from: state) }
        let working = stopwatch.seconds
        if state.remade > 0 { services.remark("Recomputed \(state.remade) items whose blobs were lost.") }
        if services.isCancelled, state.outputs.count + state.failures.count < tasks.count { throw StageCancelled() }
        if let fatal = state.fatal { throw fatal }
        return try outcome(tasks, state, working)
    }

    /// How many items there are, and how many `run` would process. Changes nothing.
    func survey() throws -> ItemShare {
        let tasks = try joined(artifacts.filter { $0.value.manifest.form == .collection })
        var state = State()
        return ItemShare(pending: try lookUp(tasks, &state).count, total: tasks.count)
    }

    // MARK: Items and their keys

    /// The items that every collection input has, joined by id. The others are left out with a warning.
    private func joined(_ collections: [String: Artifact]) throws -> [Task] {
        let ports = collections.keys.sorted()
        guard let first = ports.first, let leading = collections[first] else { return [] }
        var parts = work.parts
        parts.inputs = parts.inputs.filter { collections[$0.key] == nil }
        // The attributes of a collection, such as its sample rate, can change each item's result.
        // The name has spaces so that it cannot collide with a parameter.
        parts.configuration["attributes of inputs"] = .map(collections.mapValues { .map($0.manifest.attributes) })
        parts.seed = nil
        let prefix = Hashing.itemKeyPrefix(parts)
        var tasks: [Task] = [], incomplete: Set<String> = []
        tasks.reserveCapacity(leading.manifest.entries.count)
        for entry in leading.manifest.entries {
            var entries = [(port: first, entry: entry)]
            for port in ports.dropFirst() {
                if let other = collections[port]?.manifest.entry(entry.id) { entries.append((port, other)) }
            }
            guard entries.count == ports.count else {
                incomplete.insert(entry.id)
                continue
            }
            let seed = stage.drawsRandomNumbers ? String(seed(of: entry.id)) : nil
            tasks.append(
                Task(
                    id: entry.id,
                    key: Hashing.itemKey(prefix: prefix, blobs: entries.map(\.entry.blob.hash), seededID: seed),
                    entries: entries))
        }
        for port in ports.dropFirst() {
            for entry in collections[port]?.manifest.entries ?? [] where leading.manifest.entry(entry.id) == nil {
                incomplete.insert(entry.id)
            }
        }
        if !incomplete.isEmpty { warn(incomplete.sorted(), ports, collections) }
        return tasks
    }

    /// Warns of songs that some collections lack.
    private func warn(_ songs: [String], _ ports: [String], _ collections: [String: Artifact]) {
        let named = songs.prefix(StageWarnings.namedItems).map { song in
            "`\(song)` (not in "
                + "\(ports.filter { collections[$0]?.manifest.entry(song) == nil }.joined(separator: ", ")))"
        }
        let more = songs.count > named.count ? " and \(songs.count - named.count) more" : ""
        let subject = songs.count == 1 ? "1 song is" : "\(songs.count) songs are"
        services.warn(
            "\(subject) not in every input of \(work.node.name) and \(songs.count == 1 ? "is" : "are") left out: "
                + "\(named.joined(separator: ", "))\(more)."
        )
    }

    private func seed(of item: String) -> UInt64 {
        Hashing.seed(run: work.runSeed, stage: work.node.name, item: item, replicate: work.replicate)
    }

    /// The indices of tasks for which no record answers.
    private func lookUp(_ tasks: [Task], _ state: inout State) throws -> [Int] {
        guard !work.isForced else { return Array(tasks.indices) }
        var pending: [Int] = []
        let remade = work.remade(workspace.taints)
        let isShared = !remade.isEmpty && !sharedLineage.songs.isDisjoint(with: remade)
        for (index, task) in tasks.enumerated() {
            if isShared || !remade.isEmpty && isReached(task, by: remade) {
                pending.append(index)
                continue
            }
            switch try workspace.records.item(task.key) {
            case .output(let blob, let warnings)?:
                if workspace.blobs.contains(blob) {
                    state.outputs[index] = blob
                    if !warnings.isEmpty { state.warnings[index] = warnings }
                    state.cached += 1
                } else {
                    state.remade += 1
                    pending.append(index)
                }
            case .failure(let sentence)? where work.node.onError == .skip:
                state.failures[index] = sentence
            default: pending.append(index)
            }
        }
        return pending
    }

    /// Whether songs reached the item's own inputs; see `sharedLineage` for those that all items share.
    private func isReached(_ task: Task, by songs: Set<ContentHash>) -> Bool {
        task.entries.contains { port, entry in
            if entry.sources.contains(where: songs.contains) { return true }
            guard let fitted = entry.fitted, let set = artifacts[port]?.manifest.fittedSets[fitted] else {
                return false
            }
            return !set.songs.isDisjoint(with: songs)
        }
    }

    // MARK: Work

    private func compute(_ pending: [Int], _ tasks: [Task], _ shared: SharedInputs, from start: State) throws -> State {
        let box = SharedState(start), queue = IndexQueue(pending.count),
            threads = max(1, min(work.threads, pending.count))
        Parallel.forEach(threads, threads: threads) { _ in
            do {
                let worker = try stage.makeWorker(shared)
                while let position = queue.next(), !box.isStopped, !services.isCancelled {
                    let index = pending[position]
                    try one(tasks[index], index, worker, box)
                    let settled = box.settled
                    services.progress(done: settled, of: tasks.count, note: "")
                }
            } catch {
                box.stop(error)
            }
        }
        return box.value
    }

    /// Processes one item.
    /// - throws: only what ends the whole stage, such as a lost blob or a full disk.
    private func one(_ task: Task, _ index: Int, _ worker: any ItemWorker, _ box: SharedState) throws {
        var bytes: [String: [UInt8]] = [:], files: [String: String] = [:]
        for (port, entry) in task.entries {
            bytes[port] = try workspace.blobs.read(entry.blob)
            files[port] = entry.file
        }
        let item = Item(id: task.id, seed: seed(of: task.id), bytes: PortMap(bytes), files: PortMap(files)),
            output: [UInt8]
        do {
            output = try worker.process(item)
        } catch {
            let sentence = "\(error)"
            if work.node.onError == .skip { try workspace.records.store(.failure(sentence), for: task.key) }
            return box.fail(index, sentence)
        }
        let blob = try workspace.blobs.write(output)
        try workspace.records.store(.output(blob, warnings: item.warnings), for: task.key)
        box.finish(index, blob, item.warnings)
    }

    private final class SharedState: Sendable {
        private let state: Mutex<State>

        init(_ state: sending State) { self.state = Mutex(state) }

        var value: State { state.withLock { $0 } }
        var settled: Int { state.withLock { $0.outputs.count + $0.failures.count } }
        var isStopped: Bool { state.withLock { $0.fatal != nil } }
        func finish(_ index: Int, _ blob: BlobReference, _ warnings: [String]) {
            state.withLock {
                $0.outputs[index] = blob
                if !warnings.isEmpty { $0.warnings[index] = warnings }
                $0.executed += 1
            }
        }
        func fail(_ index: Int, _ sentence: String) { state.withLock { $0.failures[index] = sentence } }
        func stop(_ error: any Error) { state.withLock { if $0.fatal == nil { $0.fatal = error } } }
    }

    // MARK: Result

    private func outcome(_ tasks: [Task], _ state: State, _ working: Double) throws -> Outcome {
        var counts = ItemCounts(
            total: tasks.count, executed: state.executed, cached: state.cached, failed: state.failures.count)
        let failures = state.failures.sorted { $0.key < $1.key }.map { (song: tasks[$0.key].id, sentence: $0.value) }
        counts.failures = Dictionary(failures.map { ($0.song, $0.sentence) }, uniquingKeysWith: { first, _ in first })
        for failure in failures { services.log("\(failure.song): \(failure.sentence)") }
        var failure: String?
        if !failures.isEmpty {
            let named = failures.prefix(5).map { "\($0.song): \($0.sentence)" }.joined(separator: "\n  ")
            let more = failures.count > 5 ? "\n  and \(failures.count - 5) more" : ""
            let head = "\(failures.count) of \(tasks.count) songs failed in \(work.node.name)"
            if work.node.onError == .skip, failures.count < tasks.count {
                services.warn("\(head) and are left out:\n  \(named)\(more)")
            } else {
                failure =
                    "\(head); the others are finished and kept. Repair or remove the files, or set `on_error: skip` "
                    + "on the stage.\n  \(named)\(more)"
            }
        }
        var fitted = FittedSets(shared: sharedLineage, artifacts: artifacts)
        let entries = tasks.indices.compactMap { index -> Manifest.Entry? in
            guard let blob = state.outputs[index] else { return nil }
            let task = tasks[index]
            return Manifest.Entry(
                id: task.id, file: "\(task.id).\(type(of: stage).fileExtension)", blob: blob,
                sources: Array(Set(task.entries.flatMap(\.entry.sources))).sorted(), fitted: fitted.index(task))
        }
        let inputs = PortMap(artifacts.mapValues(\.manifest.attributes))
        for sentence in stage.warnings(of: inputs) { services.warn(sentence) }
        let warned = state.warnings.sorted { $0.key < $1.key }.map { (id: tasks[$0.key].id, warnings: $0.value) }
        for sentence in StageWarnings.sentences(warned) { services.warn(sentence) }
        let attributes = try stage.attributes(of: inputs)
        let manifest = Manifest(
            type: work.node.outputs[0].type, attributes: attributes, entries: entries, fittedSets: fitted.sets)
        return Outcome(manifest: manifest, counts: counts, failure: failure, working: working)
    }

    /// The songs that reached the inputs that all items share: a normalizer, a table, and collections as a whole.
    private var sharedLineage: Lineage {
        var lineage = Lineage()
        for artifact in artifacts.values where artifact.manifest.carriesSongData {
            lineage.formUnion(
                artifact.manifest.form == .collection ? artifact.manifest.lineage : artifact.manifest.allSongs)
        }
        return lineage
    }

    /// The sets of songs on which the inputs of items were fitted. Each combination is united only once.
    private struct FittedSets {
        let shared: Lineage
        let artifacts: [String: Artifact]
        private(set) var sets: [Lineage] = []
        private var known: [[Int?]: Int?] = [:]

        init(shared: Lineage, artifacts: [String: Artifact]) {
            self.shared = shared
            self.artifacts = artifacts
        }

        /// The index of an item's set; nil if nothing was fitted.
        mutating func index(_ task: Task) -> Int? {
            let parts = task.entries.map(\.entry.fitted)
            if let index = known[parts] { return index }
            var lineage = shared
            for (port, entry) in task.entries {
                if let index = entry.fitted, let set = artifacts[port]?.manifest.fittedSets[index] {
                    lineage.formUnion(set)
                }
            }
            var index: Int?
            if !lineage.isEmpty {
                index = sets.firstIndex(of: lineage) ?? sets.count
                if index == sets.count { sets.append(lineage) }
            }
            known[parts] = .some(index)
            return index
        }
    }
}
