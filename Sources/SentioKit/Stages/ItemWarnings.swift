import Synchronization

/// Sentences about one item, each once, a bounded number of them.
final class ItemWarnings: Sendable {
    /// More than a person reads about one song.
    static let limit = 10

    private let state = Mutex<[String]>([])

    func add(_ sentence: String) {
        state.withLock { if $0.count < Self.limit, !$0.contains(sentence) { $0.append(sentence) } }
    }

    var sentences: [String] { state.withLock { $0 } }
}
