import SentioKit

/// The files of a dataset's folder as a run would find them: answers to source requests, without an engine. Songs are
/// not read; in place of the hash of their content they have that of their path.
struct FolderFiles {
    private static let deepest = 16

    /// As the user wrote it.
    let folder: String
    /// The content of the tables.
    let store = MemoryBlobStore()
    private let ignored: IgnorePatterns?

    /// - throws: `StageFailure` if there is no such folder; `BlobStoreError`.
    init(_ folder: String) throws {
        guard Paths.exists(folder) else { throw StageFailure("\(folder) does not exist.") }
        guard Paths.isDirectory(folder) else {
            throw StageFailure("\(folder) is not a folder. Name the folder that holds the songs and their ratings.")
        }
        self.folder = folder
        let patterns = "\(folder)/\(IgnorePatterns.fileName)"
        ignored = Paths.exists(patterns) ? IgnorePatterns(parsing: try FileBytes.read(patterns, atMost: 1 << 20)) : nil
    }

    /// The path of something in the folder.
    func path(_ name: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

    /// Whether there is a regular file of this name in the folder.
    func has(_ name: String) -> Bool { FileKind.at(path(name)) == .regular }

    /// The content of a table of the folder.
    func read(_ name: String) throws -> [UInt8] { try FileBytes.read(path(name)) }

    /// The names in the folder itself with one of these extensions, in byte order.
    func names(_ extensions: Set<String>) throws -> [String] {
        try list(folder).filter { extensions.contains(AudioFileIndex.fileExtension($0)) && has($0) }
    }

    /// The folders in the folder that have audio files in or below them, and how many, in byte order.
    func foldersOfSongs() throws -> [(name: String, songs: Int)] {
        try list(folder).filter { FileKind.at(path($0)) == .folder }.map {
            ($0, try walk(path($0), prefix: "", DatasetLayout.audioExtensions, depth: 1).count)
        }.filter { $0.1 > 0 }
    }

    /// What a run would find for a request.
    /// - throws: `BlobStoreError`.
    func answer(_ request: SourceRequest) throws -> [SourceFile] {
        switch (FileKind.at(request.path), request.form) {
        case (.regular, .file):
            return [
                SourceFile(
                    name: Paths.name(of: request.path), path: request.path,
                    blob: try store.write(contentsOf: request.path))
            ]
        case (.folder, .folder(let extensions?)):
            return try songs(in: request.path, extensions, isFlat: false)
        case (.missing, .folder(let extensions?)):
            return try request.fallback.map { try songs(in: $0, extensions, isFlat: true) } ?? []
        default: return []
        }
    }

    private func songs(in folder: String, _ extensions: Set<String>, isFlat: Bool) throws -> [SourceFile] {
        if extensions.isEmpty { return [] }
        return try walk(folder, prefix: "", extensions, depth: isFlat ? Self.deepest : 0).map { name in
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            return SourceFile(name: name, path: path, blob: BlobReference(hash: Hashing.content(path), size: 0))
        }
    }

    /// The files below a folder, relative to it. Links to folders below the dataset's own are not followed.
    private func walk(_ folder: String, prefix: String, _ extensions: Set<String>, depth: Int) throws -> [String] {
        try list(folder).flatMap { name -> [String] in
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            switch FileKind.at(path) {
            case .regular: return extensions.contains(AudioFileIndex.fileExtension(name)) ? [prefix + name] : []
            case .folder where depth < Self.deepest && FileKind.linkBytes(path) == nil:
                return try walk(path, prefix: prefix + name + "/", extensions, depth: depth + 1)
            default: return []
            }
        }
    }

    /// The names in a folder that a run would look at.
    private func list(_ folder: String) throws -> [String] {
        try FolderListing.names(in: folder).filter { bytes in
            guard bytes.first != UInt8(ascii: ".") else { return false }
            let own = ignored?.decision([bytes], isFolder: false)
            return !(own ?? IgnorePatterns.standard.decision([bytes], isFolder: false) ?? false)
        }.compactMap { String(validating: $0, as: UTF8.self) }
    }
}
