import SentioKit
import SentioSpec

/// Decides whether a record answers for a stage. It reads records and manifests and changes nothing.
struct Planner: Sendable {
    /// The inputs of a stage, known once everything upstream has a result.
    struct Inputs: Sendable {
        var artifacts: [String: BlobReference] = [:]
        var sources: [String: SourceListing] = [:]
        /// The songs from which other stages made the sources.
        var sourceLineage = Lineage()
    }

    enum Decision: Sendable {
        case reuse(StageRecord)
        case run(RunReason)
    }

    let pipeline: String
    let seed: Int
    let workspace: Workspace
    let options: RunOptions
    private var records: any RecordStore { workspace.records }

    /// Everything that can change the stage's result.
    func parts(_ node: StageNode, _ inputs: Inputs) -> KeyParts {
        var sources = inputs.sources.mapValues(\.hash)
        if !inputs.sourceLineage.isEmpty {
            sources["songs behind the files"] = Hashing.sources(inputs.sourceLineage.songs.map { ($0.hex, $0) })
        }
        return KeyParts(
            kind: node.kind, version: node.version, configuration: node.configuration.identity,
            inputs: inputs.artifacts.mapValues(\.hash), sources: sources,
            seed: node.stage.drawsRandomNumbers
                ? Hashing.seed(run: seed, stage: node.name, replicate: options.replicate(of: node.name))
                : nil)
    }

    /// The songs from which other stages made sources of this one. Files carry no lineage; the records of their stages
    /// do.
    func sourceLineage(of node: StageNode, records: [String: StageRecord]) throws -> Lineage {
        var lineage = Lineage()
        for producer in node.fileProducers {
            for output in records[producer].map({ Array($0.outputs.values) }) ?? [] {
                lineage.formUnion(try workspace.manifest(output).allSongs)
            }
        }
        return lineage
    }

    /// - throws: `BlobStoreError` where the records cannot be read.
    func decide(_ node: StageNode, parts: KeyParts, isForced: Bool) throws -> Decision {
        if isForced { return .run(RunReason(.forced)) }
        if let record = try records.stage(Hashing.stageKey(parts)) {
            guard record.answers(node) else {
                let policy = (from: Value.string("skip"), to: Value.string(node.onError.rawValue))
                return .run(
                    RunReason(.parameter(name: "\(node.name).on_error", from: policy.from, to: policy.to, origin: nil)))
            }
            if let sentence = node.stage.objection(to: record.series) { return .run(RunReason(.notAccepted(sentence))) }
            let lost = record.lostBlobs(entries: workspace.entryBlobs, contains: workspace.blobs.contains)
            if lost > 0 { return .run(RunReason(.lostOutputs(count: lost))) }
            return workspace.taintCause(of: record).map { .run(RunReason($0)) } ?? .reuse(record)
        }
        guard let previous = try records.latest(pipeline: pipeline, stage: node.name) else {
            return .run(RunReason(.neverRun))
        }
        let causes =
            (workspace.taintCause(of: previous).map { [$0] } ?? []) + causes(of: node, from: previous, to: parts)
        return .run(causes.isEmpty ? RunReason(.neverRun) : RunReason(causes))
    }

    /// What has changed in the stage itself since it last ran, whatever became of its inputs; nil if it never ran.
    func ownCauses(of node: StageNode) -> [RunCause]? {
        guard let previous = try? records.latest(pipeline: pipeline, stage: node.name) else { return nil }
        var parts = parts(node, Inputs())
        parts.inputs = previous.parts.inputs
        parts.sources = previous.parts.sources
        return (workspace.taintCause(of: previous).map { [$0] } ?? []) + causes(of: node, from: previous, to: parts)
    }

    /// The differences between a record and what is wanted now, in the order in which people look for causes.
    func causes(of node: StageNode, from previous: StageRecord, to parts: KeyParts) -> [RunCause] {
        let before = previous.parts,
            wanted = node.secrets.isEmpty ? parts.configuration : node.secrets.masked(parts.configuration)
        var causes: [RunCause] = []
        if before.kind != parts.kind { return [.kind(from: before.kind, to: parts.kind)] }
        if before.version != parts.version {
            causes.append(.version(kind: parts.kind, from: before.version, to: parts.version))
        }
        for name in Set(before.configuration.keys).union(parts.configuration.keys).sorted() {
            let old = before.configuration[name], new = wanted[name]
            if let old, let new, old.isSame(as: new.recordable) { continue }
            causes.append(
                .parameter(
                    name: "\(node.group?.label ?? node.name).\(name)", from: old, to: new,
                    origin: node.parameterOrigins[name]))
        }
        for name in Set(before.sources.keys).union(parts.sources.keys).sorted()
        where before.sources[name] != parts.sources[name] {
            causes.append(.source(name: name, changes: []))
        }
        for port in Set(before.inputs.keys).union(parts.inputs.keys).sorted()
        where before.inputs[port] != parts.inputs[port] {
            let producer = node.inputs.first { $0.port == port }?.producer ?? "another stage"
            causes.append(.input(port: port, producer: producer, from: before.inputs[port], to: parts.inputs[port]))
        }
        if before.seed != parts.seed { causes.append(.seed(from: before.seed, to: parts.seed)) }
        // Records do not hold secrets: if nothing else differs, it is the secret that changed.
        if causes.isEmpty, let name = wanted.keys.sorted().first(where: { wanted[$0] != parts.configuration[$0] }) {
            causes.append(
                .parameter(
                    name: "\(node.group?.label ?? node.name).\(name)", from: "a secret", to: "another secret",
                    origin: nil))
        }
        return causes
    }

    /// Names the files that changed in sources, by the listings that the earlier record kept.
    func naming(_ reason: RunReason, of node: StageNode, _ inputs: Inputs) -> RunReason {
        guard let previous = try? records.latest(pipeline: pipeline, stage: node.name) else { return reason }
        return RunReason(
            reason.causes.map { cause in
                guard case .source(let name, _) = cause, let listing = inputs.sources[name],
                    let blob = previous.listings[name],
                    let bytes = try? workspace.blobs.read(blob)
                else { return cause }
                return .source(name: name, changes: listing.changes(since: bytes))
            })
    }
}
