import CFFTW

/// `AlignedFloats` for float64.
public final class AlignedDoubles: @unchecked Sendable {
    /// Number of doubles.
    public let count: Int
    /// The first double; valid as long as the buffer exists.
    public let pointer: UnsafeMutablePointer<Double>

    /// - Precondition: `count` is not negative.
    public init(count: Int) {
        precondition(count >= 0, "AlignedDoubles needs a length of at least 0.")
        guard let raw = fftw_malloc(max(count, 1) * MemoryLayout<Double>.stride) else {
            preconditionFailure("The system has no memory left for a buffer of \(count) doubles.")
        }
        self.count = count
        pointer = raw.bindMemory(to: Double.self, capacity: max(count, 1))
        pointer.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { fftw_free(pointer) }
}
