import SentioKit

/// The files that answered a source request, with one hash over their names and contents.
struct SourceListing: Sendable, Equatable {
    let files: [SourceFile]
    let hash: ContentHash
    /// What lies there and is no file; it does not count.
    let leftOut: [LeftOutFile]
    /// The folder that the names start in, for sentences.
    let folder: String

    init(_ files: [SourceFile], leftOut: [LeftOutFile] = [], in folder: String = "") {
        self.files = files
        self.leftOut = leftOut
        self.folder = folder
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

extension [String: SourceListing] {
    /// What was left out, a sentence for each folder.
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
                "\(what) left out, for there is no file to read: \(shown)\(more). Put a file there, or name it in a "
                + "\(IgnorePatterns.fileName)."
        }
    }
}
