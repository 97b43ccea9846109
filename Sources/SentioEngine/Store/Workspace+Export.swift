import SentioBase
public import SentioKit

/// Files that are in the way of an export and are not what would be written.
public struct ExportInTheWay: Error, Sendable, CustomStringConvertible {
    public let directory: String
    /// The files, below the folder.
    public let files: [String]

    public var description: String {
        let named = files.prefix(3).joined(separator: ", ") + (files.count > 3 ? " and \(files.count - 3) more" : "")
        return "\(directory) holds files that are not what would be written: \(named). "
            + "Nothing is written. Name another folder, or --overwrite to replace them."
    }
}

extension Workspace {
    /// Writes an artifact's files below a folder: one file per item, named by its id; outputs of commands with their
    /// permission bits, links and empty folders. Files that stand there already with the same content stay.
    ///
    /// - parameter overwrites: whether files with other content are replaced.
    /// - returns: the number of files.
    /// - throws: `BlobStoreError`, `OutputFileError`; `ExportInTheWay` before anything is written; `StageFailure` for a
    ///   recorded name that would land outside the folder.
    public func export(_ manifest: Manifest, to directory: String, overwrites: Bool) throws -> Int {
        let hold = holdForReading()
        defer { withExtendedLifetime(hold) {} }
        registerKnownSources()
        let shape = try FolderShape(attributes: manifest.attributes)
        for entry in manifest.entries {
            guard FolderShape.isInside(entry.file) else {
                throw StageFailure(
                    "The recorded file name `\(entry.file)` would lie outside \(directory); nothing is written.")
            }
        }
        let wanted = try manifest.entries.filter { try !holds(directory + "/" + $0.file, $0.blob) }
        if !overwrites {
            let links = shape.links.filter { FileKind.linkTarget(directory + "/" + $0.key) != $0.value }
            let inTheWay = (wanted.map(\.file) + links.keys.sorted()).filter { Files.exists(directory + "/" + $0) }
            guard inTheWay.isEmpty else { throw ExportInTheWay(directory: directory, files: inTheWay) }
        }
        try Files.makeDirectory(directory)
        for entry in wanted {
            let target = directory + "/" + entry.file
            try Files.makeDirectory(Paths.directory(of: target))
            let source = try blobs.path(of: entry.blob)
            try OutputFile(target).write { writer in
                try Files.readChunks(source) { buffer throws(BlobStoreError) in
                    do throws(OutputFileError) { try writer.write(buffer) } catch {
                        throw .cannotWrite(path: target, reason: error.reason)
                    }
                }
            }
            if let mode = shape.modes[entry.file] { chmod(target, mode_t(mode.bits)) }
        }
        for folder in shape.emptyFolders where folder != "." { try Files.makeDirectory(directory + "/" + folder) }
        for (path, target) in shape.links {
            try Files.makeDirectory(Paths.directory(of: directory + "/" + path))
            guard FileKind.linkTarget(directory + "/" + path) != target else { continue }
            guard Files.link(directory + "/" + path, to: target) else {
                throw BlobStoreError.cannotWrite(
                    path: directory + "/" + path, reason: "the link to \(target) cannot be made there")
            }
        }
        // A folder that may not be written gets its bits last, the inner ones first.
        let files = Set(manifest.entries.map(\.file))
        for (path, mode) in shape.modes.sorted(by: { $0.key.utf8.count > $1.key.utf8.count })
        where !files.contains(path) {
            chmod(path == "." ? directory : directory + "/" + path, mode_t(mode.bits))
        }
        return manifest.entries.count
    }

    /// Whether a regular file, or a link to one, has the blob's content.
    private func holds(_ path: String, _ blob: BlobReference) throws -> Bool {
        guard Files.size(path) == blob.size, (try? OutputFile(path))?.isStream == false else { return false }
        var hasher = SHA256Hasher()
        try Files.readChunks(path) { buffer throws(BlobStoreError) in hasher.update(buffer) }
        return hasher.finalize() == blob.hash
    }
}
