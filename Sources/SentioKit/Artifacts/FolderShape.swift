/// What an artifact of files is beside their content: permission bits, links, empty folders.
///
/// It stands in the manifest's attributes `modes`, `links` and `empty_folders`, each only where there is something to
/// say, so that plain files have the manifests they always had. Paths are relative to the artifact; `.` is its own
/// folder.
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
        emptyFolders = []
        for (path, target) in attributes["links"]?.map ?? [:] { links[path] = target.string ?? "" }
        if let stray = strayLinks.first {
            throw StageFailure(
                "The recorded link `\(FileName.escaped(stray))` would lead out of its folder; it is not written.")
        }
        for folder in attributes["empty_folders"]?.list ?? [] {
            guard let folder = folder.string, folder == "." || Self.isInside(folder) else {
                throw StageFailure("A recorded folder would lie outside its artifact; it is not made.")
            }
            emptyFolders.append(folder)
        }
    }

    /// Whether a relative path stays below its folder.
    public static func isInside(_ path: String) -> Bool {
        !path.utf8.contains(0)
            && !names(path, omittingEmpty: false).contains { $0.isEmpty || $0 == here || $0 == above }
    }

    /// Whether a link's target, as far as the text says, is below the folder that holds it all.
    public static func staysInside(link path: String, to target: String) -> Bool {
        guard let first = target.utf8.first, first != slash, !target.utf8.contains(0) else { return false }
        var depth = names(path).count - 1
        for name in names(target) where name != here {
            depth += name == above ? -1 : 1
            if depth < 0 { return false }
        }
        return true
    }

    /// The target of a link as seen from the folder it lies in, where both are below the same folder.
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

    /// More on one way than any system follows.
    private static let mostLinks = 40

    /// Links that would lead out of the folder, in byte order: by their own text, by another link on the way (where `x`
    /// leads to the folder itself, `x/..` is outside), or because they lie behind a link, so not where their path says.
    /// Circles are among them. Complexity: linear in the links.
    public var strayLinks: [String] {
        let targets = Dictionary(links.map { (Self.names($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        return links.keys.filter { !Self.staysInside($0, targets) }.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
    }

    /// - parameter targets: of all links, by the names of their paths.
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

    /// The names in a path as the system sees them, bytes between slashes: to Swift a slash with an accent over it is
    /// none.
    private static func names(_ path: String, omittingEmpty: Bool = true) -> [ArraySlice<UInt8>] {
        Array(path.utf8).split(separator: slash, omittingEmptySubsequences: omittingEmpty)
    }
}
