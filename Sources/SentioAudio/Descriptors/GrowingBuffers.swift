import SentioNumerics
import Synchronization

/// Float buffers that are replaced by larger ones when a longer clip comes. Used by one thread at a time.
final class GrowingBuffers: Sendable {
    enum Slot: Int, CaseIterable { case rows, scratch, marks, envelope }

    private let buffers = Mutex<[AlignedFloats]>(Slot.allCases.map { _ in AlignedFloats(count: 0) })

    func buffer(_ slot: Slot, count: Int) -> UnsafeMutablePointer<Float> {
        buffers.withLock { buffers in
            if buffers[slot.rawValue].count < count { buffers[slot.rawValue] = AlignedFloats(count: count) }
            return buffers[slot.rawValue].pointer
        }
    }
}
