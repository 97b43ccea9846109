/// What an artifact of files has besides the content of the files: permission bits, symbolic links, empty folders.
///
/// The manifest records it in the attributes `modes`, `links` and `empty_folders`, each only if it is not empty, so
/// that the manifest of plain files does not change. Paths are relative to the artifact; `.` is the artifact's own
/// folder.
public struct FolderShape: Sendable, Equatable {
    /// Permission bits, by path, of files and folders that do not have the default ones.
    public var modes: [String: FileMode]
    /// Targets of symbolic links by path. A target lies inside the artifact.
    public var links: [String: String]
    /// Paths of the folders without entries.
    public var emptyFolders: [String]

    /// A shape; by default that of plain files.
    public init(modes: [String: FileMode] = [:], links: [String: String] = [:], emptyFolders: [String] = []) {
        self.modes = modes
        self.links = links
        self.emptyFolders = emptyFolders
    }

    /// Whether there is nothing to record.
    public var isPlain: Bool { modes.isEmpty && links.isEmpty && emptyFolders.isEmpty }

    /// The attributes of a manifest that record the shape.
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

    /// Decodes the shape from a manifest's attributes.
    /// - Throws: `StageFailure` for a path outside the artifact's folder: an artifact may come from an untrusted
    ///   source.
    public init(attributes: [String: Value]) throws {
        modes = [:]
        for (path, mode) in attributes["modes"]?.map ?? [:] where path == "." || Self.isInside(path) {
            modes[path] = mode.string.flatMap(FileMode.init(text:))
        }
        links = [:]
        emptyFolders = []
        for (path, target) in attributes["links"]?.map ?? [:] { links[path] = target.string ?? "" }
        if let stray = strayLinks.first {
            throw StageFailure(
                "Refused to create the recorded link `\(FileName.escaped(stray))`: it leads outside its artifact.")
        }
        for folder in attributes["empty_folders"]?.list ?? [] {
            guard let folder = folder.string, folder == "." || Self.isInside(folder) else {
                throw StageFailure("Refused to create a recorded folder that lies outside its artifact.")
            }
            emptyFolders.append(folder)
        }
    }

    /// Whether a relative path stays below its folder.
    public static func isInside(_ path: String) -> Bool {
        !path.utf8.contains(0)
            && !names(path, omittingEmpty: false).contains { $0.isEmpty || $0 == here || $0 == above }
    }

    /// Whether a link's target, judged by its text alone, is below the folder that `path` is relative to.
    public static func staysInside(link path: String, to target: String) -> Bool {
        guard let first = target.utf8.first, first != slash, !target.utf8.contains(0) else { return false }
        var depth = names(path).count - 1
        for name in names(target) where name != here {
            depth += name == above ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }

    /// The target of a link relative to the folder that contains the link; both paths are relative to the same folder.
    public static func relative(_ target: String, from link: String) -> String {
        var from = names(link).dropLast()[...], to = names(target)[...]
        while let first = from.first, first == to.first, to.count > 1 || from.count > 1 {
            from = from.dropFirst()
            to = to.dropFirst()
        }
        let steps = from.map { _ in above } + to
        return steps.isEmpty ? "." : String(decoding: Array(steps.joined(separator: [slash])), as: UTF8.self)
    }

    // MARK: Links through links

    /// Limit on the links followed for one path, as in Linux.
    private static let mostLinks = 40

    /// Links that lead outside the folder, in byte order: by their own target, through another link on the way (if `x`
    /// links to the folder itself, `x/..` is outside), or because their own path crosses a link, so that they are not
    /// where it says. Includes cycles. Complexity: linear in the number of links.
    public var strayLinks: [String] {
        let targets = Dictionary(links.map { (Self.names($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        return links.keys.filter { !Self.staysInside($0, targets) }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    /// - Parameter targets: targets of all links, keyed by the components of their paths.
    private static func staysInside(_ link: String, _ targets: [[ArraySlice<UInt8>]: String]) -> Bool {
        var place = names(link)
        guard let target = targets[place], isInside(link), staysInside(link: link, to: target) else { return false }
        place.removeLast()
        if place.indices.contains(where: { targets[Array(place[...$0])] != nil }) { return false }
        var way = Array(names(target).reversed()), followed = 0
        while let name = way.popLast() {
            if name == here { continue }
            if name == above {
                if place.popLast() == nil { return false }
                continue
            }
            place.append(name)
            guard let next = targets[place] else { continue }
            followed += 1
            guard followed <= mostLinks, next.utf8.first != slash else { return false }
            place.removeLast()
            way += names(next).reversed()
        }
        return true
    }

    // MARK: Names

    private static let slash = UInt8(ascii: "/")
    private static let here: ArraySlice<UInt8> = [UInt8(ascii: ".")]
    private static let above: ArraySlice<UInt8> = [UInt8(ascii: "."), UInt8(ascii: ".")]

    /// The components of a path as the system sees them, bytes between slashes: Swift does not take a slash with a
    /// combining accent for a slash.
    private static func names(_ path: String, omittingEmpty: Bool = true) -> [ArraySlice<UInt8>] {
        Array(path.utf8).split(separator: slash, omittingEmptySubsequences: omittingEmpty)
    }
}
