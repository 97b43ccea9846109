import CFFTW

/// A fixed-length float32 buffer aligned for SIMD (FFTW's own allocator), zero-filled. Owned by one thread at a
/// time: it is storage for workspaces, not a value to share.
public final class AlignedFloats: @unchecked Sendable {
    public let count: Int
    public let pointer: UnsafeMutablePointer<Float>

    /// Precondition: `count` is not negative.
    public init(count: Int) {
        precondition(count >= 0, "AlignedFloats needs a length of at least 0.")
        guard let raw = fftwf_malloc(max(count, 1) * MemoryLayout<Float>.stride) else {
            preconditionFailure("The system has no memory left for a buffer of \(count) floats.")
        }
        self.count = count
        pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
        pointer.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { fftwf_free(pointer) }
}
