/// What can be wrong with a blob, as facts.
public enum BlobStoreError: Error, Sendable, Equatable, CustomStringConvertible {
    case missing(ContentHash)
    case damaged(ContentHash, found: ContentHash)
    /// A blob of the store that the system does not hand over, or something else in its place.
    case unreadable(ContentHash, reason: String)
    /// A source file outside the store is not what it was when the run hashed it.
    case sourceChanged(path: String)
    case cannotWrite(path: String, reason: String)
    case cannotRead(path: String, reason: String)
    /// Where a file or folder of the workspace should be, something else stands: a link that leads elsewhere, a pipe.
    case misplaced(path: String, isA: String, expected: String)

    public var description: String {
        switch self {
        case .missing(let hash):
            "The blob \(hash.short) is missing from the store; the stage that made it must run again."
        case .damaged(let hash, let found):
            "The blob \(hash.short) is damaged: its content now hashes to \(found.short). It has to be made again."
        case .unreadable(let hash, let reason):
            "The blob \(hash.short) cannot be read (\(reason)). It has to be made again."
        case .sourceChanged(let path): "\(path) changed while the run was reading it. Run again when it is at rest."
        case .cannotWrite(let path, let reason):
            "Cannot write \(path): \(reason). Nothing half-written is left behind; free space or fix permissions and "
                + "run again."
        case .cannotRead(let path, let reason): "Cannot read \(path): \(reason)."
        case .misplaced(let path, let isA, let expected):
            "\(path) is \(isA) where the workspace has \(expected). Nothing is read or written through it. Move it "
                + "away and run again."
        }
    }

    /// The blob to make again, nil where the trouble is not in a blob of the store.
    public var lostBlob: ContentHash? {
        switch self {
        case .missing(let hash), .damaged(let hash, _), .unreadable(let hash, _): hash
        default: nil
        }
    }
}
