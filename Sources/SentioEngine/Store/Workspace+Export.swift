import SentioBase
public import SentioKit

/// Existing files that an export would overwrite with other content.
public struct ExportInTheWay: Error, Sendable, CustomStringConvertible {
    /// The folder of the export.
    public let directory: String
    /// The files, relative to the folder.
    public let files: [String]

    public var description: String {
        let named = files.prefix(3).joined(separator: ", ") + (files.count > 3 ? " and \(files.count - 3) more" : "")
        return "\(directory) already has files with other content: \(named). "
            + "Nothing was written. Choose another folder, or replace them with --overwrite."
    }
}

extension Workspace {
    /// Writes an artifact's files to a folder: one file per item, named by its id; outputs of commands with their
    /// permission bits, links and empty folders. Existing files with the same content are kept.
    ///
    /// - Parameter overwrites: whether to replace files with other content.
    /// - Returns: the number of files in the artifact.
    /// - Throws: `BlobStoreError`, `OutputFileError`; `ExportInTheWay` before anything is written; `StageFailure` for a
    ///   recorded name that leads outside the folder.
    public func export(_ manifest: Manifest, to directory: String, overwrites: Bool) throws -> Int {
        let hold = holdForReading()
        defer { withExtendedLifetime(hold) {} }
        registerKnownSources()
        let shape = try FolderShape(attributes: manifest.attributes)
        for entry in manifest.entries {
            guard FolderShape.isInside(entry.file) else {
                throw StageFailure(
                    "The recorded file name `\(entry.file)` leads outside \(directory). Nothing was written.")
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
                    path: directory + "/" + path, reason: "the link to \(target) cannot be created")
            }
        }
        // A folder may become read-only, so folders get their bits last, the inner ones first.
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
