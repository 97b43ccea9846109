import SentioBase
import SentioKit

/// Finds the files below a folder that a stage depends on, following links and skipping ignored names. What is not a
/// file is reported in `leftOut`.
struct SourceWalk {
    static let maximumFiles = 10_000_000
    static let maximumFolders = 1_000_000
    static let maximumDepth = 64
    private static let maximumPatterns = 1 << 20

    let extensions: Set<String>?
    /// Whether only the files of the folder itself count, without its subfolders.
    private let isFlat: Bool
    /// The workspace is never a source, whatever the path to it: a folder that contains it would change all the time.
    private let workspace: FolderIdentity?

    private(set) var files: [(name: String, path: String)] = []
    private(set) var leftOut: [LeftOutFile] = []
    private var folders = 0
    /// Patterns with the depth of their folder, the outermost first.
    private var patterns: [(depth: Int, patterns: IgnorePatterns)] = []
    /// The folders around the current one, to detect a link that leads back.
    private var ancestors: [FolderIdentity] = []
    /// How many of them are above the folder of the walk.
    private var depthAbove = 0

    private struct FolderIdentity: Equatable {
        let device: dev_t, inode: ino_t

        init?(_ folder: String) {
            var status = stat()
            guard stat(folder, &status) == 0 else { return nil }
            device = status.st_dev
            inode = status.st_ino
        }
    }

    init(extensions: Set<String>?, workspacePath: String, isFlat: Bool = false) {
        self.extensions = extensions
        self.isFlat = isFlat
        workspace = FolderIdentity(workspacePath)
    }

    /// Walks a folder.
    /// - Parameter root: a folder above `folder` whose ignore patterns apply too.
    /// - Throws: `BlobStoreError`, `StageFailure` for a folder that cannot be listed or names that are not text.
    mutating func collect(_ folder: String, below root: String?) throws {
        var outer: [[UInt8]] = []
        if let root, let names = Self.parts(of: folder, below: root) {
            var path = root
            for name in names {
                try readPatterns(path, depth: outer.count)
                outer.append(Array(name.utf8))
                path += "/" + name
            }
        }
        var above = Paths.absolute(folder)
        while above != "/" {
            above = Paths.directory(of: above)
            if let identity = FolderIdentity(above) { ancestors.append(identity) }
        }
        depthAbove = ancestors.count
        try collect(folder, prefix: "", parts: outer)
    }

    private mutating func collect(_ folder: String, prefix: String, parts: [[UInt8]]) throws {
        guard ancestors.count - depthAbove < Self.maximumDepth else {
            throw StageFailure(
                "The folder \(folder) is more than \(Self.maximumDepth) levels below a folder that a stage depends on."
            )
        }
        folders += 1
        guard folders <= Self.maximumFolders else {
            throw StageFailure(
                "A stage depends on more than \(Self.maximumFolders) folders; \(folder) is the first one too many.")
        }
        guard let identity = FolderIdentity(folder) else {
            throw BlobStoreError.cannotRead(path: folder, reason: FileBytes.systemReason())
        }
        ancestors.append(identity)
        let known = patterns.count
        try readPatterns(folder, depth: parts.count)
        defer {
            ancestors.removeLast()
            patterns.removeLast(patterns.count - known)
        }
        for bytes in try FolderListing.names(in: folder) where !isHidden(bytes) {
            try look(at: bytes, in: folder, prefix: prefix, parts: parts + [bytes])
        }
    }

    private mutating func look(at bytes: [UInt8], in folder: String, prefix: String, parts: [[UInt8]]) throws {
        guard let name = String(validating: bytes, as: UTF8.self) else {
            return try lookAtUnnameable(bytes, folder, prefix, parts)
        }
        let path = folder + "/" + name
        switch FileKind.at(path) {
        case .folder:
            guard !isFlat, !isIgnored(parts, isFolder: true), let identity = FolderIdentity(path), identity != workspace
            else {
                return
            }
            if FileKind.linkBytes(path) != nil, ancestors.contains(identity) {
                return leaveOut(prefix + name, "is a symbolic link to a folder that contains it")
            }
            try collect(path, prefix: prefix + name + "/", parts: parts)
        case .regular:
            guard extensions.map({ $0.contains(Self.fileExtension(name)) }) ?? true, !isIgnored(parts, isFolder: false)
            else { return }
            files.append((prefix + name, path))
            guard files.count <= Self.maximumFiles else {
                throw StageFailure(
                    "A stage depends on more than \(Self.maximumFiles) files, some of them in \(folder).")
            }
        case .missing: return
        case .unknown(let reason): throw BlobStoreError.cannotRead(path: path, reason: reason)
        case let kind:
            guard extensions.map({ $0.contains(Self.fileExtension(name)) }) ?? true, !isIgnored(parts, isFolder: false)
            else { return }
            leaveOut(prefix + name, kind.predicate)
        }
    }

    /// A key cannot contain a name that is not UTF-8. A song with such a name is left out; a file that a command might
    /// read is an error.
    private mutating func lookAtUnnameable(_ bytes: [UInt8], _ folder: String, _ prefix: String, _ parts: [[UInt8]])
        throws
    {
        if isIgnored(parts, isFolder: false) || isIgnored(parts, isFolder: true) { return }
        let name = FileName.escaped(bytes)
        guard let extensions else { throw FileName.notText("\(folder)/\(name)") }
        guard extensions.contains(Self.fileExtension(name)) else { return }
        leftOut.append(LeftOutFile(name: FileName.escaped(prefix) + name, problem: "has a name that is not UTF-8"))
    }

    private mutating func leaveOut(_ name: String, _ problem: String) {
        leftOut.append(LeftOutFile(name: FileName.escaped(name), problem: problem))
    }

    // MARK: What is skipped

    /// Hidden files are skipped if only some extensions are wanted; our own temporary files are always skipped.
    private func isHidden(_ name: [UInt8]) -> Bool {
        extensions != nil && name.first == UInt8(ascii: ".") || name.starts(with: ".sentio-".utf8)
            || name == Array(IgnorePatterns.fileName.utf8)
    }

    private func isIgnored(_ parts: [[UInt8]], isFolder: Bool) -> Bool {
        for (depth, patterns) in patterns.reversed() {
            if let decision = patterns.decision(parts[depth...], isFolder: isFolder) { return decision }
        }
        return IgnorePatterns.standard.decision(parts[...], isFolder: isFolder) ?? false
    }

    private mutating func readPatterns(_ folder: String, depth: Int) throws {
        let path = folder + "/" + IgnorePatterns.fileName
        guard FileKind.at(path) != .missing else { return }
        patterns.append((depth, IgnorePatterns(parsing: try FileBytes.read(path, atMost: Self.maximumPatterns))))
    }

    /// `audio` for `ds/audio` below `ds`; nil if it is not below.
    private static func parts(of folder: String, below root: String) -> [String]? {
        let own = Paths.normalized(folder), outer = Paths.normalized(root)
        guard own.hasPrefix(outer + "/") else { return nil }
        return own.dropFirst(outer.count + 1).split(separator: "/").map(String.init)
    }

    private static func fileExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}

extension SourceWalk {
    /// Whether a file that another stage writes to a folder would be skipped by the standard patterns.
    static func passesOver(_ name: String) -> Bool {
        let parts = name.split(separator: "/").map { Array($0.utf8) }
        return parts.indices.contains { index in
            IgnorePatterns.standard.decision(parts[...index], isFolder: index < parts.count - 1) ?? false
        }
    }
}
