import SentioKit

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Outputs that stages leave in the user's folder: puts them back where they are missing or not what they were.
struct WorkspaceOutputs: Sendable {
    let directory: String
    let workspace: Workspace

    /// What `restore` did.
    struct Restored {
        /// What was not there, or another version that the store has.
        var written: [String] = []
        /// What the user had changed, and where that is now.
        var kept: [(path: String, copy: String)] = []
    }

    /// Puts everything where it should lie. What somebody changed is moved aside first.
    /// - parameter isOurs: whether a file at a path was left by an attempt that did not finish: nobody's work.
    /// - throws: `BlobStoreError`; `StageFailure` for an entry that would land outside its folder.
    func restore(_ output: OutputPort, _ manifest: Manifest, isOurs: (String) -> Bool = { _ in false }) throws -> Restored {
        var restored = Restored()
        guard let recorded = try RecordedOutput(output, manifest, directory: directory) else { return restored }
        let missing = recorded.parts.filter { !isCurrent($0) }
        guard !missing.isEmpty else { return restored }
        // A folder that may not be written cannot be filled; it gets its own bits last.
        for part in recorded.parts { if case .folder(_?) = part.content, Paths.isDirectory(part.path) { chmod(part.path, 0o700) } }
        var cleared: Set<String> = []
        let aside = KeptAside(root: recorded.root, isFolder: recorded.isFolder)
        for part in missing {
            for folder in recorded.folders(around: part.path).reversed() { try makeRoom(forFolder: folder, aside, isOurs, &restored) }
            let folder = Paths.directory(of: part.path)
            if case .folder = part.content {
                try makeRoom(forFolder: part.path, aside, isOurs, &restored)
            } else {
                try Files.makeDirectory(folder)
                if cleared.insert(folder).inserted { TemporaryName.removeLeftovers(in: folder, purpose: ".sentio") }
                try makeRoom(for: part, aside, isOurs, &restored)
            }
            try put(part)
            restored.written.append(part.path)
        }
        let folders = Array(cleared)
        WaitingThreads.forEach(count: folders.count, threads: 16) { FolderSync.synchronize(folders[$0]) }
        for part in recorded.parts.reversed() { if case .folder(let mode?) = part.content { chmod(part.path, mode_t(mode.bits)) } }
        return restored
    }

    /// What somebody made where a stage is about to write, and the copies of it.
    struct Kept {
        /// Changed since the stage left it.
        var edited: [(path: String, copy: String)] = []
        /// There before the stage ever wrote it.
        var found: [(path: String, copy: String)] = []
    }

    /// Copies what somebody made or changed at the outputs of a stage, before it runs.
    /// - parameter previous: the record by which the stage left its outputs last; nil where it never ran.
    /// - parameter isOurs: whether a file at a path was left by an attempt that did not finish: nobody's work.
    /// - throws: `BlobStoreError`.
    func keep(beforeRunOf node: StageNode, since previous: StageRecord?, isOurs: (String) -> Bool) throws -> Kept {
        var kept = Kept()
        for output in node.outputs {
            guard let target = output.workspacePath else { continue }
            if let recorded = previous.flatMap({ recorded(output, $0) }) {
                let aside = KeptAside(root: recorded.root, isFolder: recorded.isFolder)
                for part in recorded.parts {
                    guard case .file = part.content, !isCurrent(part), isSomebodys(part.path, isOurs) else { continue }
                    kept.edited.append((part.path, try aside.copy(part.path)))
                }
            } else {
                let root = Paths.resolve(target, relativeTo: directory), aside = KeptAside(root: root, isFolder: Paths.isDirectory(root))
                for path in try Files.regularFiles(under: root) where isSomebodys(path, isOurs) {
                    kept.found.append((path, try aside.copy(path)))
                }
            }
        }
        return kept
    }

    private func isSomebodys(_ path: String, _ isOurs: (String) -> Bool) -> Bool {
        FileKind.at(path) == .regular && isPrecious(path) && !isOurs(path)
    }

    /// Whether everything lies where it should.
    func isCurrent(_ output: OutputPort, _ manifest: Manifest) -> Bool {
        (try? RecordedOutput(output, manifest, directory: directory)?.parts.allSatisfy(isCurrent)) ?? true
    }

    /// Files and links that the stage's previous record left and the next one does not have: a stage starts, and a reused
    /// record is put back, as in a folder where it never ran. Only what the store can give back counts; the user's own stays.
    func leftovers(of node: StageNode, previous: StageRecord?, next: StageRecord?) -> [String] {
        guard let previous, previous.key != next?.key else { return [] }
        return node.outputs.flatMap { output -> [String] in
            guard let old = recorded(output, previous) else { return [] }
            let parts = next.flatMap { recorded(output, $0) }?.parts ?? []
            let kept = Dictionary(parts.map { ($0.path, $0.content) }, uniquingKeysWith: { first, _ in first })
            return old.parts.filter { part in
                guard kept[part.path] != part.content else { return false }
                switch part.content {
                case .file(let blob, _): return workspace.blobs.contains(blob) && holds(part.path, blob)
                case .link: return isCurrent(part)
                case .folder: return false
                }
            }.map(\.path)
        }
    }

    /// Removes leftovers, and the folders of the outputs that are empty then.
    func remove(_ paths: [String], of node: StageNode, previous: StageRecord?, next: StageRecord?) {
        for path in paths { Files.remove(path) }
        guard let previous, previous.key != next?.key else { return }
        for output in node.outputs {
            guard let old = recorded(output, previous), old.isFolder else { continue }
            let kept = Set((next.flatMap { recorded(output, $0) }?.parts ?? []).map(\.path))
            var folders = Set(old.parts.flatMap { old.folders(around: $0.path) })
            for part in old.parts { if case .folder = part.content { folders.insert(part.path) } }
            // The innermost first; what is not empty stays.
            for folder in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) where !kept.contains(folder) { rmdir(folder) }
        }
    }

    /// A record's output with its places; nil where they cannot be told.
    func recorded(_ output: OutputPort, _ record: StageRecord) -> RecordedOutput? {
        guard output.workspacePath != nil, let blob = record.outputs[output.name], let manifest = try? workspace.manifest(blob) else {
            return nil
        }
        return try? RecordedOutput(output, manifest, directory: directory)
    }

    // MARK: One part

    private func isCurrent(_ part: RecordedOutput.Part) -> Bool {
        var status = stat()
        switch part.content {
        case .file(let blob, let mode):
            guard stat(part.path, &status) == 0, Int(status.st_size) == blob.size else { return false }
            return Self.has(UInt32(status.st_mode), mode) && holds(part.path, blob)
        case .link(let target): return FileKind.linkBytes(part.path) == Array(target.utf8)
        case .folder(let mode):
            guard stat(part.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
            return mode.map { UInt32(status.st_mode) & 0o777 == $0.bits } ?? true
        }
    }

    private func holds(_ path: String, _ blob: BlobReference) -> Bool {
        Files.size(path) == blob.size && (try? workspace.statCache.hash(path))?.hash == blob.hash
    }

    /// Bits that the user's umask or a copy would not give are compared; of other files only whether they can be executed.
    private static func has(_ mode: UInt32, _ wanted: FileMode?) -> Bool {
        switch wanted {
        case nil: mode & 0o111 == 0
        case .executable: mode & 0o100 != 0
        case .exactly(let bits): mode & 0o777 == bits
        }
    }

    private func put(_ part: RecordedOutput.Part) throws {
        switch part.content {
        case .folder: try Files.makeDirectory(part.path)
        case .link(let target): Files.link(part.path, to: target)
        case .file(let blob, let mode):
            let bits = mode?.bits ?? FileMode.ordinary(isFolder: false)
            if holds(part.path, blob), chmod(part.path, mode_t(bits)) == 0 { return }
            let temporary = TemporaryName.path(in: Paths.directory(of: part.path), purpose: ".sentio")
            try Files.copy(try workspace.blobs.path(of: blob), to: part.path, temporary: temporary, mode: mode_t(bits))
        }
    }

    // MARK: What stands in the way

    private func makeRoom(
        for part: RecordedOutput.Part, _ aside: KeptAside, _ isOurs: (String) -> Bool, _ restored: inout Restored
    ) throws {
        if case .file(let blob, _) = part.content, holds(part.path, blob) { return }
        try clear(part.path, aside, isOurs, &restored)
    }

    private func makeRoom(forFolder path: String, _ aside: KeptAside, _ isOurs: (String) -> Bool, _ restored: inout Restored) throws {
        if !Paths.isDirectory(path) { try clear(path, aside, isOurs, &restored) }
        try Files.makeDirectory(path)
    }

    private func clear(_ path: String, _ aside: KeptAside, _ isOurs: (String) -> Bool, _ restored: inout Restored) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR, rmdir(path) == 0 { return }
        guard isPrecious(path), !isOurs(path) else { return Files.remove(path) }
        restored.kept.append((path, try aside.move(path)))
    }

    /// Whether the store could not give back what stands at a path: somebody made it.
    private func isPrecious(_ path: String) -> Bool {
        guard FileKind.linkBytes(path) == nil, FileKind.at(path) == .regular, let blob = try? workspace.statCache.hash(path) else {
            return true
        }
        return !workspace.blobs.stores(blob)
    }
}
