import SentioBase

/// Everything below a folder, links not followed.
public enum FolderTree {
    public struct Entry: Sendable, Equatable {
        public enum Form: Sendable, Equatable {
            case file, folder
            /// A symbolic link and what it says.
            case link(target: String)
            /// A pipe, a socket, a device.
            case other(FileKind)
        }
        /// Relative to the folder.
        public let path: String
        public let form: Form
        public let mode: UInt32
    }

    /// In byte order of the names, each folder before what it holds.
    /// - throws: `BlobStoreError.cannotRead` where a folder cannot be listed; `StageFailure` for a name that is not
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
            throw FileName.notText("what the link \(link) points to")
        }
        return target
    }
}
