import SentioBase
import SentioKit
import Synchronization

/// Finds and hashes the files outside the store that stages depend on.
struct SourceScanner: Sendable {
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

    /// Finds and hashes the files of a request.
    /// - Throws: `StageFailure` if a required file or folder does not exist or is something else; `BlobStoreError` if
    ///   one cannot be read.
    func scan(_ request: SourceRequest, stage: String) throws -> SourceListing {
        let path = Paths.resolve(request.path, relativeTo: directory)
        let kind = FileKind.at(path)
        switch (kind, request.form) {
        case (.regular, .file), (.regular, .fileOrFolder): return try listing([(Paths.name(of: path), path)])
        case (.regular, .values(let keys)):
            return try SourceValues(try FileBytes.read(path), path: path, stage: stage).listing(keys)
        case (.folder, .fileOrFolder): return try walk(path, extensions: nil, request)
        case (.folder, .folder(let extensions)): return try walk(path, extensions: extensions, request)
        case (.missing, .folder(let extensions)) where request.isOptional && request.fallback != nil:
            let folder = Paths.resolve(request.fallback ?? "", relativeTo: directory)
            guard FileKind.at(folder) == .folder else { return SourceListing([]) }
            return try walk(folder, extensions: extensions, request, isFlat: true)
        case (.missing, _) where request.isOptional: return SourceListing([])
        case (.missing, _):
            // Paths in parameters are absolute by now (`StageSpec.given`); those of commands are not.
            let hint =
                request.path.hasPrefix("/")
                ? "A relative path starts in the folder of the file that contains it or, with --set, in the current "
                    + "folder."
                : "Relative paths start in the folder of the pipeline file (\(directory))."
            throw StageFailure("`\(stage)` needs \(Self.wanted(request)) \(path), which does not exist. \(hint)")
        case (.danglingLink, _) where request.isOptional, (.linkLoop, _) where request.isOptional:
            let file = LeftOutFile(name: Paths.name(of: path), problem: kind.predicate)
            return SourceListing([], leftOut: [file], in: Paths.directory(of: path))
        case (.unknown(let reason), _): throw BlobStoreError.cannotRead(path: path, reason: reason)
        case (_, .folder):
            throw StageFailure(
                "`\(stage)` needs a folder, but \(path) \(kind == .regular ? "is a file" : kind.predicate).")
        default: throw StageFailure("`\(stage)` needs a file, but \(path) \(kind.predicate).")
        }
    }

    private static func wanted(_ request: SourceRequest) -> String {
        switch request.form {
        case .file, .values: "the file"
        case .folder: "the folder"
        case .fileOrFolder: "the file or folder"
        }
    }

    /// - Parameter isFlat: leaves out the subfolders.
    private func walk(
        _ path: String, extensions: Set<String>?, _ request: SourceRequest, isFlat: Bool = false
    ) throws -> SourceListing {
        // The empty set of extensions only checks that the folder exists.
        if let extensions, extensions.isEmpty { return SourceListing([]) }
        var walk = SourceWalk(extensions: extensions, workspacePath: workspacePath, isFlat: isFlat)
        try walk.collect(path, below: request.ignoreRoot.map { Paths.resolve($0, relativeTo: directory) })
        return try listing(walk.files, leftOut: walk.leftOut, in: path)
    }

    private func listing(
        _ names: [(name: String, path: String)], leftOut: [LeftOutFile] = [], in folder: String = ""
    ) throws -> SourceListing {
        let files = try hash(names)
        for file in files { blobs.register(source: file.path, file.blob.hash) }
        return SourceListing(
            files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }, leftOut: leftOut, in: folder)
    }

    private func hash(_ names: [(name: String, path: String)]) throws -> [SourceFile] {
        let results = Mutex<[Result<SourceFile, any Error>?]>(Array(repeating: nil, count: names.count))
        Parallel.forEach(names.count, threads: names.count < 8 ? 1 : threads) { index in
            let result = Result {
                SourceFile(name: names[index].name, path: names[index].path, blob: try cache.hash(names[index].path))
            }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }
}
