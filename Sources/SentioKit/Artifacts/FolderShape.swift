/// What an artifact of files is beside their content: permission bits, links, empty folders.
///
/// It stands in the manifest's attributes `modes`, `links` and `empty_folders`, each only where there is something to say, so
/// that plain files have the manifests they always had. Paths are relative to the artifact; `.` is its own folder.
public struct FolderShape: Sendable, Equatable {
    /// Files and folders whose bits are not what they would have anyway.
    public var modes: [String: FileMode]
    /// Symbolic links by path; each points to something inside the artifact.
    public var links: [String: String]
    public var emptyFolders: [String]

    public init(modes: [String: FileMode] = [:], links: [String: String] = [:], emptyFolders: [String] = []) {
        self.modes = modes
        self.links = links
        self.emptyFolders = emptyFolders
    }

    public var isPlain: Bool { modes.isEmpty && links.isEmpty && emptyFolders.isEmpty }

    public var attributes: [String: Value] {
        var attributes: [String: Value] = [:]
        if !modes.isEmpty { attributes["modes"] = .map(modes.mapValues { .string($0.text) }) }
        if !links.isEmpty { attributes["links"] = .map(links.mapValues { .string($0) }) }
        if !emptyFolders.isEmpty {
            attributes["empty_folders"] = .list(
                emptyFolders.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { .string($0) })
        }
        return attributes
    }

    /// The shape that a manifest's attributes tell of.
    /// - throws: `StageFailure` for one that reaches out of its folder: artifacts come from strangers too.
    public init(attributes: [String: Value]) throws {
        modes = [:]
        for (path, mode) in attributes["modes"]?.map ?? [:] where path == "." || Self.isInside(path) {
            modes[path] = mode.string.flatMap(FileMode.init(text:))
        }
        links = [:]
        for (path, target) in attributes["links"]?.map ?? [:] {
            guard let target = target.string, Self.isInside(path), Self.staysInside(link: path, to: target) else {
                throw StageFailure("The recorded link `\(FileName.escaped(path))` would lead out of its folder; it is not written.")
            }
            links[path] = target
        }
        emptyFolders = []
        for folder in attributes["empty_folders"]?.list ?? [] {
            guard let folder = folder.string, folder == "." || Self.isInside(folder) else {
                throw StageFailure("A recorded folder would lie outside its artifact; it is not made.")
            }
            emptyFolders.append(folder)
        }
    }

    /// Whether a relative path stays below its folder.
    public static func isInside(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.utf8.contains(0) && !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    }

    /// Whether a link's target, as far as the text says, is below the folder that holds it all.
    public static func staysInside(link path: String, to target: String) -> Bool {
        guard !target.isEmpty, !target.hasPrefix("/"), !target.utf8.contains(0) else { return false }
        var depth = path.split(separator: "/").count - 1
        for part in target.split(separator: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }

    /// The target of a link as seen from the folder it lies in, where both are below the same folder.
    public static func relative(_ target: String, from link: String) -> String {
        var from = link.split(separator: "/").dropLast()[...], to = target.split(separator: "/")[...]
        while let first = from.first, first == to.first, to.count > 1 || from.count > 1 {
            from = from.dropFirst()
            to = to.dropFirst()
        }
        let parts = from.map { _ in ".." } + to.map(String.init)
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}
