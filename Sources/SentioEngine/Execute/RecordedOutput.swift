import SentioKit

/// The parts of a recorded output and their places in the user's folder.
struct RecordedOutput: Sendable {
    enum Content: Sendable, Equatable {
        case file(BlobReference, FileMode?)
        case link(String)
        /// A folder that is empty or has its own permission bits.
        case folder(FileMode?)
    }
    struct Part: Sendable {
        let path: String
        let content: Content
    }

    /// The place of the output itself.
    let root: String
    let isFolder: Bool
    /// First folders, each before its contents, then files, then links.
    let parts: [Part]

    /// nil for an output that is kept in the store alone.
    /// - throws: `StageFailure` for a part that would land outside the output; manifests may come from strangers.
    init?(_ output: OutputPort, _ manifest: Manifest, directory: String) throws {
        guard let target = output.workspacePath else { return nil }
        let root = Paths.resolve(target, relativeTo: directory)
        let shape = try FolderShape(attributes: manifest.attributes)
        isFolder = manifest.attributes["layout"]?.string == "folder"
        self.root = root
        guard isFolder else {
            // The entry of a single file has the file's old name, wherever the output is now.
            parts = manifest.entries.prefix(1).map { Part(path: root, content: .file($0.blob, shape.modes[$0.file])) }
            return
        }
        var parts: [Part] = []
        let files = Set(manifest.entries.map(\.file))
        let folders = Set(shape.emptyFolders).union(shape.modes.keys.filter { !files.contains($0) })
        for path in folders.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            parts.append(Part(path: path == "." ? root : root + "/" + path, content: .folder(shape.modes[path])))
        }
        for entry in manifest.entries {
            guard FolderShape.isInside(entry.file), !Self.passes(entry.file, through: shape.links) else {
                throw StageFailure(
                    "The recorded output `\(FileName.escaped(entry.file))` of `\(output.name)` would lie outside its "
                        + "folder and is not written."
                )
            }
            parts.append(Part(path: root + "/" + entry.file, content: .file(entry.blob, shape.modes[entry.file])))
        }
        for (path, target) in shape.links.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            parts.append(Part(path: root + "/" + path, content: .link(target)))
        }
        self.parts = parts
    }

    /// Whether a path is one of the links or leads through one.
    private static func passes(_ path: String, through links: [String: String]) -> Bool {
        guard !links.isEmpty else { return false }
        var path = path[...]
        while true {
            if links[String(path)] != nil { return true }
            guard let slash = path.lastIndex(of: "/") else { return false }
            path = path[..<slash]
        }
    }

    /// The folders around a part of the output, from the innermost up to the output's own place.
    func folders(around path: String) -> [String] {
        guard isFolder, path != root else { return [] }
        var folders: [String] = [], folder = Paths.directory(of: path)
        while folder.utf8.count > root.utf8.count, folder != "." {
            folders.append(folder)
            folder = Paths.directory(of: folder)
        }
        return folders + [root]
    }
}
