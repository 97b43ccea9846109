import SentioKit

/// Where the parts of a recorded output lie in the user's folder.
struct RecordedOutput: Sendable {
    enum Content: Sendable, Equatable {
        case file(BlobReference, FileMode?)
        case link(String)
        /// One that is empty, or that has permission bits of its own.
        case folder(FileMode?)
    }
    struct Part: Sendable {
        let path: String
        let content: Content
    }

    /// The output's own place.
    let root: String
    let isFolder: Bool
    /// Folders, each before what is in it, then files, then links.
    let parts: [Part]

    /// nil for an output that lives in the store alone.
    /// - throws: `StageFailure` for a part that would land outside the output: manifests come from strangers too.
    init?(_ output: OutputPort, _ manifest: Manifest, directory: String) throws {
        guard let target = output.workspacePath else { return nil }
        let root = Paths.resolve(target, relativeTo: directory)
        let shape = try FolderShape(attributes: manifest.attributes)
        isFolder = manifest.attributes["layout"]?.string == "folder"
        self.root = root
        guard isFolder else {
            // A file's own entry has the name of the file, wherever the output lies now.
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
                        + "folder; it is not written."
                )
            }
            parts.append(Part(path: root + "/" + entry.file, content: .file(entry.blob, shape.modes[entry.file])))
        }
        for (path, target) in shape.links.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            parts.append(Part(path: root + "/" + path, content: .link(target)))
        }
        self.parts = parts
    }

    /// Whether a path leads through one of the links, or is one.
    private static func passes(_ path: String, through links: [String: String]) -> Bool {
        guard !links.isEmpty else { return false }
        var path = path[...]
        while true {
            if links[String(path)] != nil { return true }
            guard let slash = path.lastIndex(of: "/") else { return false }
            path = path[..<slash]
        }
    }

    /// The folders between the output's place and a part of it, the innermost first, the place itself last.
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
