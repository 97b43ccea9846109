/// Why an `OutputFile` could not be written.
public enum OutputFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The system refuses, or the name is not one of a file.
    case refused(path: String, reason: String)
    /// The other end of a pipe was closed.
    case readerGone(String)

    init(_ path: String, _ reason: String) { self = .refused(path: path, reason: reason) }

    /// The reason alone.
    public var reason: String {
        switch self {
        case .refused(_, let reason): reason
        case .readerGone: "its reader has closed it"
        }
    }

    public var description: String {
        switch self {
        case .refused(let path, _), .readerGone(let path): "\(path) cannot be written: \(reason)."
        }
    }
}
