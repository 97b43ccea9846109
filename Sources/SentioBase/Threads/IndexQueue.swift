import Synchronization

/// Hands out the indices below a count to threads, each index once.
public final class IndexQueue: Sendable {
    private let count: Int
    private let taken = Atomic<Int>(0)

    /// A queue of the indices in 0..<count.
    public init(_ count: Int) { self.count = count }

    /// The next index; nil if all have been taken.
    public func next() -> Int? {
        let index = taken.add(1, ordering: .relaxed).oldValue
        return index < count ? index : nil
    }
}
