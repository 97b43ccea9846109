import SentioBase

/// Everything below a folder, without following links.
public enum FolderTree {
    /// One file, folder or link.
    public struct Entry: Sendable, Equatable {
        /// What an entry is.
        public enum Form: Sendable, Equatable {
            case file, folder
            /// A symbolic link and its target.
            case link(target: String)
            /// A pipe, a socket or a device.
            case other(FileKind)
        }
        /// Relative to the folder.
        public let path: String
        /// What it is.
        public let form: Form
        /// Its `st_mode`.
        public let mode: UInt32
    }

    /// Entries in byte order of their names, each folder before its content.
    /// - Throws: `BlobStoreError.cannotRead` if a folder cannot be listed; `StageFailure` for a name that is not
    ///   UTF-8.
    public static func entries(below folder: String) throws -> [Entry] {
        var entries: [Entry] = []
        try collect(folder, prefix: "", into: &entries)
        return entries
    }

    private static func collect(_ folder: String, prefix: String, into entries: inout [Entry]) throws {
        for bytes in try FolderListing.names(in: folder) {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw FileName.notText("\(folder)/\(FileName.escaped(bytes))")
            }
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else {
                throw BlobStoreError.cannotRead(path: path, reason: FileBytes.systemReason())
            }
            let form: Entry.Form =
                switch status.st_mode & S_IFMT {
                case S_IFREG: .file
                case S_IFDIR: .folder
                case S_IFLNK: .link(target: try target(of: path))
                default: .other(FileKind(mode: UInt32(status.st_mode)))
                }
            entries.append(Entry(path: prefix + name, form: form, mode: UInt32(status.st_mode)))
            if form == .folder { try collect(path, prefix: prefix + name + "/", into: &entries) }
        }
    }

    private static func target(of link: String) throws -> String {
        guard let target = String(validating: FileKind.linkBytes(link) ?? [], as: UTF8.self) else {
            throw FileName.notText("the target of the link \(link)")
        }
        return target
    }
}
