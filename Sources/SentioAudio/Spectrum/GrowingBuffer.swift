import SentioNumerics
import Synchronization

/// A float buffer that is replaced by a larger one when a longer clip comes. Used by one thread at a time; reuse spares
/// each clip the page faults of fresh memory.
final class GrowingBuffer: Sendable {
    private let buffer = Mutex(AlignedFloats(count: 0))

    /// At least `count` floats, not cleared; valid until the next call.
    func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
        buffer.withLock { buffer in
            if buffer.count < count { buffer = AlignedFloats(count: count) }
            return buffer.pointer
        }
    }
}
