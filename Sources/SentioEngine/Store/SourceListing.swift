import SentioKit

/// The files that a source request found, with one hash of their names and contents.
struct SourceListing: Sendable, Equatable {
    let files: [SourceFile]
    let hash: ContentHash
    /// What was found but is not a file. Not part of the hash.
    let leftOut: [LeftOutFile]
    /// The folder that the names are relative to, for messages.
    let folder: String

    init(_ files: [SourceFile], leftOut: [LeftOutFile] = [], in folder: String = "") {
        self.files = files
        self.leftOut = leftOut
        self.folder = folder
        hash = Hashing.sources(files.map { ($0.name, $0.blob.hash) })
    }

    /// The listing as a blob of lines `HASH NAME`, stored so that a later run can say what changed.
    var encoded: [UInt8] { Array(files.map { "\($0.blob.hash.hex) \($0.name)\n" }.joined().utf8) }

    /// The differences from an earlier listing.
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

extension [String: SourceListing] {
    /// Warnings about what was left out, one for each folder.
    var sentences: [String] {
        sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.compactMap { _, listing in
            let leftOut = listing.leftOut
            guard !leftOut.isEmpty else { return nil }
            let shown = leftOut.prefix(5).map(\.sentence).joined(separator: ", ")
            let more = leftOut.count > 5 ? ", and \(leftOut.count - 5) more" : ""
            let what =
                leftOut.count == 1
                ? "One name in \(listing.folder) is" : "\(leftOut.count) names in \(listing.folder) are"
            return
                "\(what) left out, because there is no file to read: \(shown)\(more). Put a file there, or list the "
                + "name in a \(IgnorePatterns.fileName) file."
        }
    }
}
