import SentioKit
import SentioSpec

/// Sources as they will be when a stage's turn comes: files that the record of another stage puts back count as
/// present, files that its earlier record left behind count as removed.
struct ForeseenSources: Sendable {
    let lookup: StageLookup

    /// - throws: `StageFailure`, `BlobStoreError`.
    func listing(of request: SourceRequest, for node: StageNode, known: [String: StageRecord]) throws -> SourceListing {
        let workspace = lookup.workspace, directory = lookup.pipeline.directory
        func scan() throws -> SourceListing { try lookup.scanner.scan(request, stage: node.name) }
        guard !node.fileProducers.isEmpty else { return try scan() }
        let root = Paths.normalized(Paths.resolve(request.path, relativeTo: directory))
        let outputs = WorkspaceOutputs(directory: directory, workspace: workspace)
        var removed: Set<String> = [], present: [String: BlobReference] = [:]
        for name in node.fileProducers {
            guard let producer = lookup.pipeline.graph[name], let record = known[name] else { continue }
            let previous = try? workspace.records.latest(pipeline: lookup.pipeline.name, stage: name)
            removed.formUnion(outputs.leftovers(of: producer, previous: previous, next: record).map(Paths.normalized))
            for output in producer.outputs {
                for part in outputs.recorded(output, record)?.parts ?? [] {
                    if case .file(let blob, _) = part.content { present[Paths.normalized(part.path)] = blob }
                }
            }
        }
        present = present.filter { path, _ in
            path == root || path.hasPrefix(root + "/") && !SourceWalk.passesOver(String(path.dropFirst(root.count + 1)))
        }
        guard !present.isEmpty || !removed.isEmpty else { return try scan() }
        if case .values(let keys) = request.form, let blob = present[root] {
            return try SourceValues(try workspace.blobs.read(blob), path: root, stage: node.name).listing(keys)
        }
        let found = present.isEmpty || Paths.exists(root) ? try scan().files : []
        var files = found.filter {
            !removed.contains(Paths.normalized($0.path)) && present[Paths.normalized($0.path)] == nil
        }
        for (path, blob) in present {
            let name = path == root ? Paths.name(of: path) : String(path.dropFirst(root.count + 1))
            files.append(SourceFile(name: name, path: path, blob: blob))
        }
        return SourceListing(files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }
}
