import Synchronization

/// The warnings about one item, each once and at most `limit` of them.
final class ItemWarnings: Sendable {
    /// More than anyone reads about one song.
    static let limit = 10

    private let state = Mutex<[String]>([])

    func add(_ sentence: String) {
        state.withLock { if $0.count < Self.limit, !$0.contains(sentence) { $0.append(sentence) } }
    }

    var sentences: [String] { state.withLock { $0 } }
}
