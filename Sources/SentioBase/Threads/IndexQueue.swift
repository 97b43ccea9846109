import Synchronization

/// The indices below a count, handed out to threads one by one, each once.
public final class IndexQueue: Sendable {
    private let count: Int
    private let taken = Atomic<Int>(0)

    /// - parameter count: how many there are.
    public init(_ count: Int) { self.count = count }

    /// The next one; nil where all are taken.
    public func next() -> Int? {
        let index = taken.add(1, ordering: .relaxed).oldValue
        return index < count ? index : nil
    }
}
