import SentioKit

/// Finds what a command left at its declared paths.
struct OutputCollector {
    /// The folder that paths are relative to.
    let folder: String
    let stage: String

    /// What is stored of one output.
    struct Output {
        var files: [(name: String, blob: BlobReference)] = []
        var shape = FolderShape()
        var isFolder = false

        var attributes: [String: Value] {
            ["layout": .string(isFolder ? "folder" : "file")].merging(shape.attributes) { layout, _ in layout }
        }
    }

    /// Stores an output: one file, or everything below a folder, by relative names. A link at the path itself is
    /// followed.
    /// - throws: `StageFailure` if nothing is at the path, or something that cannot be stored; `BlobStoreError`.
    func collect(_ path: String, store: (String) throws -> BlobReference, services: any StageServices) throws -> Output
    {
        let place = folder + "/" + path
        switch FileKind.at(place) {
        case .folder:
            var output = try Self.below(place, named: path, store: store, services: services)
            if output.files.isEmpty, output.shape.links.isEmpty, output.shape.emptyFolders.isEmpty {
                output.shape.emptyFolders = ["."]
            }
            if let mode = FileMode(of: try OutputLinks.mode(place), isFolder: true) { output.shape.modes["."] = mode }
            return output
        case .regular:
            let name = String(path.split(separator: "/").last ?? "file")
            var output = Output(files: [(name, try store(place))])
            if let mode = FileMode(of: try OutputLinks.mode(place), isFolder: false) { output.shape.modes[name] = mode }
            return output
        case .missing:
            throw StageFailure(
                "The command of \(stage) succeeded but did not create its output `\(path)`. Correct `outs` or the "
                    + "command."
            )
        case let kind:
            throw StageFailure(
                "The command of \(stage) succeeded, but its output `\(path)` \(kind.predicate), which cannot be "
                    + "stored. Write a file or a folder there."
            )
        }
    }

    /// Stores everything below a folder. What cannot be stored is named in a warning.
    /// - parameter name: the folder's name in messages.
    static func below(
        _ folder: String, named name: String, store: (String) throws -> BlobReference, services: any StageServices
    ) throws -> Output {
        var output = Output(isFolder: true), lost: [String] = [], copied: [String] = [], filled: Set<String> = [],
            folders: [String] = []
        let links = OutputLinks(root: folder)
        for entry in try FolderTree.entries(below: folder) {
            var isKept = true
            switch entry.form {
            case .file:
                output.files.append((entry.path, try store(folder + "/" + entry.path)))
                output.shape.modes[entry.path] = FileMode(of: entry.mode, isFolder: false)
            case .folder:
                folders.append(entry.path)
                output.shape.modes[entry.path] = FileMode(of: entry.mode, isFolder: true)
            case .link(let target):
                switch links.fate(of: entry.path, target: target) {
                case .stays(let target): output.shape.links[entry.path] = target
                case .becomesFile:
                    output.files.append((entry.path, try store(folder + "/" + entry.path)))
                    copied.append("\(entry.path) -> \(FileName.escaped(target))")
                case .isLost(let problem):
                    lost.append("\(FileName.escaped(entry.path)) \(problem)")
                    isKept = false
                }
            case .other(let kind):
                lost.append("\(FileName.escaped(entry.path)) \(kind.predicate)")
                isKept = false
            }
            if isKept, let slash = entry.path.lastIndex(of: "/") { filled.insert(String(entry.path[..<slash])) }
        }
        // A path through a link that is not kept, or that now points elsewhere, is replaced by the direct path.
        for path in output.shape.strayLinks {
            if let target = links.shortest(path) { output.shape.links[path] = target }
        }
        output.shape.emptyFolders = folders.filter { !filled.contains($0) }
        output.files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        if !copied.isEmpty {
            services.warn(
                "Links in `\(name)` that point outside it are stored as copies of their target files: "
                    + "\(IDList.text(copied))."
            )
        }
        if !lost.isEmpty {
            services.warn(
                "Some of `\(name)` is not stored, so the cache cannot restore it: \(IDList.text(lost)). Remove it, or "
                    + "write a regular file instead."
            )
        }
        return output
    }
}
