import CFFTW

/// A zero-filled float32 buffer of fixed length, aligned for SIMD by FFTW's allocator. It is storage for workspaces:
/// only one thread may use it at a time.
public final class AlignedFloats: @unchecked Sendable {
    /// Number of floats.
    public let count: Int
    /// The first float; valid as long as the buffer exists.
    public let pointer: UnsafeMutablePointer<Float>

    /// - Precondition: `count` is not negative.
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
