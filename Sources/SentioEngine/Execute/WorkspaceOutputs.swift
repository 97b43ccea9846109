import SentioBase
import SentioKit
import SentioSpec

/// Restores outputs of stages in the user's folder if they are missing or have changed.
struct WorkspaceOutputs: Sendable {
    let directory: String
    let workspace: Workspace

    /// A file that was in the place of an output, and where it, or a copy of it, is now.
    typealias Moved = (path: String, place: String)

    /// What `restore` did.
    struct Restored {
        /// Files that were missing, or another version that the store has.
        var written: [String] = []
        /// Files that the user had changed.
        var kept: [Moved] = []
        /// Files that a failed attempt had left.
        var leftovers: [Moved] = []
    }

    /// Restores all parts of an output. Whatever somebody changed is moved aside first.
    /// - parameter attempt: when an unfinished attempt wrote.
    /// - throws: `BlobStoreError`; `StageFailure` for an entry that would land outside its folder.
    func restore(_ output: OutputPort, _ manifest: Manifest, after attempt: AttemptMark.Window? = nil) throws
        -> Restored
    {
        var restored = Restored()
        guard let recorded = try RecordedOutput(output, manifest, directory: directory) else { return restored }
        let missing = recorded.parts.filter { !isCurrent($0) }
        guard !missing.isEmpty else { return restored }
        // Read-only folders cannot be filled; they get their own bits last.
        for part in recorded.parts {
            if case .folder(_?) = part.content, Paths.isDirectory(part.path) { chmod(part.path, 0o700) }
        }
        var cleared: Set<String> = []
        let places = Places(recorded.root, recorded.isFolder, workspace)
        func makeRoom(forFolder path: String) throws {
            if !Paths.isDirectory(path) { try clear(path, places, attempt, &restored) }
            try Files.makeDirectory(path)
        }
        for part in missing {
            for folder in recorded.folders(around: part.path).reversed() { try makeRoom(forFolder: folder) }
            let folder = Paths.directory(of: part.path)
            if case .folder = part.content {
                try makeRoom(forFolder: part.path)
            } else {
                try Files.makeDirectory(folder)
                if cleared.insert(folder).inserted { TemporaryName.removeLeftovers(in: folder, purpose: ".sentio") }
                if !stands(part) { try clear(part.path, places, attempt, &restored) }
            }
            try put(part)
            restored.written.append(part.path)
        }
        let folders = Array(cleared)
        WaitingThreads.forEach(count: folders.count, threads: 16) { FolderSync.synchronize(folders[$0]) }
        for part in recorded.parts.reversed() {
            if case .folder(let mode?) = part.content { chmod(part.path, mode_t(mode.bits)) }
        }
        return restored
    }

    /// What was in the places of a stage's outputs and is no part of them.
    struct Cleared {
        /// Files of a user, of another pipeline, or of a killed attempt; these cannot be told apart.
        var kept: [Moved] = []
        /// Files that a failed attempt had left.
        var leftovers: [Moved] = []
    }

    /// Moves whatever is no part of a stage's outputs out of their places.
    /// - parameters:
    ///   - record: the outputs that are to be restored there; then the user's own files stay, and only what an
    ///     unfinished attempt may have left is moved. nil: a command is about to start, and everything is moved, as it
    ///     would become part of the result.
    ///   - attempt: when an unfinished attempt wrote.
    /// - throws: `BlobStoreError`.
    func clear(for node: StageNode, beside record: StageRecord? = nil, after attempt: AttemptMark.Window?) throws
        -> Cleared
    {
        var cleared = Cleared()
        for output in node.outputs {
            guard let target = output.workspacePath else { continue }
            let root = Paths.resolve(target, relativeTo: directory),
                places = Places(root, Paths.isDirectory(root), workspace)
            let own = Set(record.flatMap { recorded(output, $0) }?.parts.map(\.path) ?? [])
            for path in try Files.filesAndLinks(under: root) where !own.contains(path) {
                switch attempt?.author(of: path) ?? .somebody {
                case .attempt: cleared.leftovers.append((path, try places.leftovers.move(path)))
                case .somebody where record != nil: break
                case .unknown, .somebody: cleared.kept.append((path, try places.kept.move(path)))
                }
            }
        }
        return cleared
    }

    /// Where files in the way are moved.
    private struct Places {
        let kept: KeptAside
        let leftovers: KeptAside

        init(_ root: String, _ isFolder: Bool, _ workspace: Workspace) {
            kept = KeptAside(root: root, isFolder: isFolder)
            leftovers = KeptAside(root: root, isFolder: isFolder, leftoversOf: workspace)
        }
    }

    /// Whether all parts of an output are in place.
    func isCurrent(_ output: OutputPort, _ manifest: Manifest) -> Bool {
        (try? RecordedOutput(output, manifest, directory: directory)?.parts.allSatisfy(isCurrent)) ?? true
    }

    /// Files and links that the stage's previous record left and the next one does not have. They are removed so that a
    /// stage starts, and a record is restored, as in a folder where the stage never ran. Only what the store can
    /// restore counts; the user's own files stay.
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

    /// Removes leftovers, and the folders of the outputs that this leaves empty.
    /// - throws: `BlobStoreError.cannotWrite` for one that cannot be removed: it would become part of the next result.
    func remove(_ paths: [String], of node: StageNode, previous: StageRecord?, next: StageRecord?) throws {
        for path in paths where !Files.remove(path) {
            // The folder may be read-only.
            chmod(Paths.directory(of: path), 0o700)
            guard Files.remove(path) else {
                throw BlobStoreError.cannotWrite(path: path, reason: "it cannot be removed")
            }
        }
        guard let previous, previous.key != next?.key else { return }
        for output in node.outputs {
            guard let old = recorded(output, previous), old.isFolder else { continue }
            let kept = Set((next.flatMap { recorded(output, $0) }?.parts ?? []).map(\.path))
            var folders = Set(old.parts.flatMap { old.folders(around: $0.path) })
            for part in old.parts { if case .folder = part.content { folders.insert(part.path) } }
            // The innermost first; folders that are not empty stay.
            for folder in folders.sorted(by: { $0.utf8.count > $1.utf8.count }) where !kept.contains(folder) {
                rmdir(folder)
            }
        }
    }

    /// The parts of a recorded output; nil if its manifest cannot be read.
    func recorded(_ output: OutputPort, _ record: StageRecord) -> RecordedOutput? {
        guard output.workspacePath != nil, let blob = record.outputs[output.name],
            let manifest = try? workspace.manifest(blob)
        else {
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
        case .link(let target):
            guard let there = FileKind.linkBytes(part.path) else { return false }
            if there == Array(target.utf8) { return true }
            // A link that a command wrote as an absolute path into its own folder is recorded as a relative one.
            let meant = Paths.absolute(Paths.resolve(target, relativeTo: Paths.directory(of: part.path)))
            return there.first == UInt8(ascii: "/") && Paths.normalized(String(decoding: there, as: UTF8.self)) == meant
        case .folder(let mode):
            guard stat(part.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
            return mode.map { UInt32(status.st_mode) & 0o777 == $0.bits } ?? true
        }
    }

    private func holds(_ path: String, _ blob: BlobReference) -> Bool {
        Files.size(path) == blob.size && (try? workspace.statCache.hash(path))?.hash == blob.hash
    }

    /// Compares permission bits. For ordinary files, whose other bits depend on the user's umask or on how they were
    /// copied, only whether they are executable counts.
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
        case .link(let target):
            guard Files.link(part.path, to: target) else {
                throw BlobStoreError.cannotWrite(path: part.path, reason: "the link to \(target) cannot be created")
            }
        case .file(let blob, let mode):
            let bits = mode?.bits ?? FileMode.ordinary(isFolder: false)
            if holds(part.path, blob), chmod(part.path, mode_t(bits)) == 0 { return }
            let temporary = TemporaryName.path(in: Paths.directory(of: part.path), purpose: ".sentio")
            try Files.copy(try workspace.blobs.path(of: blob), to: part.path, temporary: temporary, mode: mode_t(bits))
        }
    }

    // MARK: Files in the way

    /// Whether the right file is there already and lacks only its permission bits.
    private func stands(_ part: RecordedOutput.Part) -> Bool {
        if case .file(let blob, _) = part.content { holds(part.path, blob) } else { false }
    }

    private func clear(_ path: String, _ places: Places, _ attempt: AttemptMark.Window?, _ restored: inout Restored)
        throws
    {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR, rmdir(path) == 0 { return }
        guard isPrecious(path) else {
            guard Files.remove(path) else {
                throw BlobStoreError.cannotWrite(path: path, reason: "what is there cannot be removed")
            }
            return
        }
        if attempt?.author(of: path) == .attempt {
            restored.leftovers.append((path, try places.leftovers.move(path)))
        } else {
            restored.kept.append((path, try places.kept.move(path)))
        }
    }

    /// Whether the store cannot restore what is at a path, so that it must be somebody's work.
    private func isPrecious(_ path: String) -> Bool {
        guard FileKind.linkBytes(path) == nil, FileKind.at(path) == .regular,
            let blob = try? workspace.statCache.hash(path)
        else {
            return true
        }
        return !workspace.blobs.stores(blob)
    }
}
