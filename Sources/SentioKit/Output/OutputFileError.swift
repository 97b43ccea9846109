/// Why a named file could not be written; `description` is the sentence for people.
public enum OutputFileError: Error, Sendable, Equatable, CustomStringConvertible {
    case refused(path: String, reason: String)
    /// The other end of a pipe was closed.
    case readerGone(String)

    init(_ path: String, _ reason: String) { self = .refused(path: path, reason: reason) }

    /// The reason alone.
    public var reason: String {
        switch self {
        case .refused(_, let reason): reason
        case .readerGone: "nobody reads from it any more"
        }
    }

    public var description: String {
        switch self {
        case .refused(let path, _), .readerGone(let path): "\(path) cannot be written: \(reason)."
        }
    }
}
