import SentioKit

/// Outputs that stages leave in the user's folder: puts them back where they are missing or not what they were.
struct WorkspaceOutputs: Sendable {
    let directory: String
    let workspace: Workspace

    /// - returns: the paths that were written.
    /// - throws: `BlobStoreError`; `StageFailure` for an entry that would land outside its folder.
    func restore(_ output: OutputPort, _ manifest: Manifest) throws -> [String] {
        var written: [String] = [], folders: Set<String> = []
        for (path, blob) in try files(output, manifest) where !isCurrent(path, blob) {
            let source = try workspace.blobs.path(of: blob)
            let folder = Paths.directory(of: path)
            try Files.makeDirectory(folder)
            if folders.insert(folder).inserted { TemporaryName.removeLeftovers(in: folder, purpose: ".sentio") }
            try Files.copy(source, to: path, temporary: TemporaryName.path(in: folder, purpose: ".sentio"))
            written.append(path)
        }
        return written
    }

    /// Whether everything lies where it should.
    func isCurrent(_ output: OutputPort, _ manifest: Manifest) -> Bool {
        (try? files(output, manifest).allSatisfy { isCurrent($0.0, $0.1) }) ?? false
    }

    /// Files that the stage's previous record left and the next one does not have: a stage starts, and a reused record is
    /// put back, as in a folder where it never ran. Only what the store can give back counts; the user's own files stay.
    func leftovers(of node: StageNode, previous: StageRecord?, next: StageRecord?) -> [String] {
        guard let previous, previous.key != next?.key else { return [] }
        return node.outputs.flatMap { output -> [String] in
            guard output.workspacePath != nil, let old = recorded(output, previous) else { return [] }
            let kept = Set((next.flatMap { recorded(output, $0) } ?? []).map(\.path))
            return old.filter { !kept.contains($0.path) && workspace.blobs.contains($0.blob) && isCurrent($0.path, $0.blob) }.map(\.path)
        }
    }

    func remove(_ paths: [String]) {
        for path in paths { Files.remove(path) }
    }

    /// The files of a record's output with their places; nil where they cannot be told.
    func recorded(_ output: OutputPort, _ record: StageRecord) -> [(path: String, blob: BlobReference)]? {
        guard let blob = record.outputs[output.name], let manifest = try? workspace.manifest(blob) else { return nil }
        return try? files(output, manifest)
    }

    private func isCurrent(_ path: String, _ blob: BlobReference) -> Bool {
        Files.size(path) == blob.size && (try? workspace.statCache.hash(path))?.hash == blob.hash
    }

    private func files(_ output: OutputPort, _ manifest: Manifest) throws -> [(path: String, blob: BlobReference)] {
        guard let target = output.workspacePath else { return [] }
        let root = Paths.resolve(target, relativeTo: directory)
        return try manifest.entries.map { entry in
            // A file's own entry has the name of the file; a folder's entries are relative to the folder.
            let isFile = manifest.attributes["layout"]?.string != "folder"
            guard isFile || (!entry.file.hasPrefix("/") && !entry.file.split(separator: "/").contains("..")) else {
                throw StageFailure(
                    "The recorded output `\(entry.file)` of `\(output.name)` would lie outside its folder; it is not written.")
            }
            return (isFile ? root : root + "/" + entry.file, entry.blob)
        }
    }
}
