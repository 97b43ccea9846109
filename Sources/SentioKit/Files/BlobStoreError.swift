/// What went wrong with a blob, or with another file.
public enum BlobStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    case missing(ContentHash)
    case damaged(ContentHash, found: ContentHash)
    /// The system refuses to read the blob, or something else is in its place.
    case unreadable(ContentHash, reason: String)
    /// A source file outside the store has changed since the run hashed it.
    case sourceChanged(path: String)
    case cannotWrite(path: String, reason: String)
    case cannotRead(path: String, reason: String)
    /// Something else is in the place of a file or folder of the workspace: a link that leads elsewhere, a pipe.
    case misplaced(path: String, isA: String, expected: String)

    public var description: String {
        switch self {
        case .missing(let hash):
            "The blob \(hash.short) is missing from the store. The stage that produced it must run again."
        case .damaged(let hash, let found):
            "The blob \(hash.short) is damaged: its content hashes to \(found.short). The stage that produced it must "
                + "run again."
        case .unreadable(let hash, let reason):
            "The blob \(hash.short) cannot be read (\(reason)). The stage that produced it must run again."
        case .sourceChanged(let path):
            "\(path) changed while the run was reading it. Run again once nothing writes to it."
        case .cannotWrite(let path, let reason):
            "Cannot write \(path): \(reason). No partial file was left behind. Free disk space or fix the permissions, "
                + "then run again."
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)."
        case .misplaced(let path, let isA, let expected):
            "\(path) is \(isA), but the workspace needs \(expected) there. Nothing was read or written through it. "
                + "Move it away and run again."
        }
    }

    /// The blob that must be computed again; nil if the fault is not in a blob of the store.
    public var lostBlob: ContentHash? {
        switch self {
        case .missing(let hash), .damaged(let hash, _), .unreadable(let hash, _): hash
        default: nil
        }
    }
}
