import SentioNumerics
import Synchronization

/// A float buffer that is replaced by a larger one on demand. Used by one thread at a time; reuse avoids the page
/// faults of fresh memory for every clip.
final class GrowingBuffer: Sendable {
    private let buffer = Mutex(AlignedFloats(count: 0))

    /// At least `count` uninitialized floats, valid until the next call.
    func reserve(_ count: Int) -> UnsafeMutablePointer<Float> {
        buffer.withLock { buffer in
            if buffer.count < count { buffer = AlignedFloats(count: count) }
            return buffer.pointer
        }
    }
}
