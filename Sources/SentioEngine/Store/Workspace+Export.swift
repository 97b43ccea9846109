public import SentioKit

extension Workspace {
    /// Writes an artifact's files below a folder: one file per item, named by its id.
    ///
    /// - returns: the number of files.
    /// - throws: `BlobStoreError`; `StageFailure` for a recorded name that would land outside the folder.
    public func export(_ manifest: Manifest, to directory: String) throws -> Int {
        registerKnownSources()
        try Files.makeDirectory(directory)
        for entry in manifest.entries {
            let parts = entry.file.split(separator: "/", omittingEmptySubsequences: false)
            guard !entry.file.isEmpty, !parts.contains(".."), !parts.contains("."), !parts.contains("") else {
                throw StageFailure("The recorded file name `\(entry.file)` would lie outside \(directory); nothing is written for it.")
            }
            let target = directory + "/" + entry.file
            try Files.makeDirectory(Paths.directory(of: target))
            try Files.copy(try blobs.path(of: entry.blob), to: target, temporary: TemporaryName.path(in: directory, purpose: ".sentio"))
        }
        return manifest.entries.count
    }
}
