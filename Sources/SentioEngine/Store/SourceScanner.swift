import SentioKit
import Synchronization

/// The files that answered a source request, with one hash over their names and contents.
struct SourceListing: Sendable, Equatable {
    let files: [SourceFile]
    let hash: ContentHash

    init(_ files: [SourceFile]) {
        self.files = files
        hash = Hashing.sources(files.map { ($0.name, $0.blob.hash) })
    }

    /// The listing as a blob: `HASH NAME` lines, kept so that a later run can name what changed.
    var encoded: [UInt8] { Array(files.map { "\($0.blob.hash.hex) \($0.name)\n" }.joined().utf8) }

    /// What is different from an earlier listing.
    func changes(since bytes: [UInt8]) -> [SourceChange] {
        var before: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.utf8.count > 65 {
            before[String(line.dropFirst(65))] = String(line.prefix(64))
        }
        var changes: [SourceChange] = []
        for file in files {
            if let old = before.removeValue(forKey: file.name) {
                if old != file.blob.hash.hex { changes.append(.changed(file.name)) }
            } else {
                changes.append(.added(file.name))
            }
        }
        return changes + before.keys.sorted().map { .removed($0) }
    }
}

/// Finds and hashes the files outside the store that stages depend on.
struct SourceScanner: Sendable {
    static let maximumFiles = 10_000_000

    private let directory: String
    private let cache: StatCache
    private let blobs: FileBlobStore
    private let workspacePath: String
    private let threads: Int

    init(directory: String, workspace: Workspace, threads: Int) {
        self.directory = directory
        self.threads = threads
        cache = workspace.statCache
        blobs = workspace.blobs
        workspacePath = Paths.absolute(workspace.path)
    }

    /// - throws: `StageFailure` where a required file or folder is not there; `BlobStoreError` where one cannot be read.
    func scan(_ request: SourceRequest, stage: String) throws -> SourceListing {
        let path = Paths.resolve(request.path, relativeTo: directory)
        guard Paths.exists(path) else {
            if request.isOptional { return SourceListing([]) }
            // Paths in parameters have been made absolute by where they were written; those of commands have not.
            let hint =
                request.path.hasPrefix("/")
                ? "A relative path starts at the folder of the file it is written in, or, given by --set, at the current folder."
                : "Relative paths start at the folder of the pipeline file (\(directory))."
            throw StageFailure("`\(stage)` needs \(request.form == .file ? "the file" : "the folder") \(path), which is not there. \(hint)")
        }
        var names: [(name: String, path: String)] = []
        let isFolder = Paths.isDirectory(path)
        switch request.form {
        case .file:
            guard !isFolder else { throw StageFailure("`\(stage)` needs a file, but \(path) is a folder.") }
            names = [(Self.fileName(path), path)]
        case .fileOrFolder:
            if isFolder {
                try collect(path, prefix: "", extensions: nil, depth: 0, into: &names)
            } else {
                names = [(Self.fileName(path), path)]
            }
        case .folder(let extensions):
            guard isFolder else { throw StageFailure("`\(stage)` needs a folder, but \(path) is a file.") }
            try collect(path, prefix: "", extensions: extensions, depth: 0, into: &names)
        }
        let files = try hash(names)
        for file in files { blobs.register(source: file.path, file.blob.hash) }
        return SourceListing(files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    }

    private func collect(
        _ folder: String, prefix: String, extensions: Set<String>?, depth: Int, into names: inout [(name: String, path: String)]
    ) throws {
        guard depth < 32 else {
            throw StageFailure("The folder \(folder) is nested more than 32 levels deep; is there a link that leads back?")
        }
        for name in Files.list(folder) where !Self.isIgnored(name, isFiltered: extensions != nil) {
            let path = folder + "/" + name
            if Paths.isDirectory(path) {
                // A folder that holds the workspace would never be at rest.
                if Paths.absolute(path) == workspacePath { continue }
                try collect(path, prefix: prefix + name + "/", extensions: extensions, depth: depth + 1, into: &names)
            } else if extensions.map({ $0.contains(Self.fileExtension(name)) }) ?? true {
                names.append((prefix + name, path))
                guard names.count <= Self.maximumFiles else { throw StageFailure("More than \(Self.maximumFiles) files below \(folder).") }
            }
        }
    }

    /// Where only some extensions are looked for, hidden files are none of them; where a command may read anything, all
    /// counts but what changes by itself.
    private static func isIgnored(_ name: String, isFiltered: Bool) -> Bool {
        guard !isFiltered else { return name.hasPrefix(".") }
        return name == ".git" || name == ".DS_Store" || name == "__pycache__" || name.hasPrefix(".sentio-")
    }

    private static func fileName(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    private static func fileExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    private func hash(_ names: [(name: String, path: String)]) throws -> [SourceFile] {
        let results = Mutex<[Result<SourceFile, any Error>?]>(Array(repeating: nil, count: names.count))
        WorkThreads.forEach(count: names.count, threads: names.count < 8 ? 1 : threads) { index in
            let result = Result { SourceFile(name: names[index].name, path: names[index].path, blob: try cache.hash(names[index].path)) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }
}
