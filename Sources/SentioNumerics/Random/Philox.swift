/// A counter-based random generator: Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
/// (SC 2011), as in Random123.
///
/// `key` identifies an experiment, and `stream` one of its 2^64 independent sequences (an item, a replicate, a layer)
/// of 2^66 words each. The numbers depend on nothing else: not on threads, other streams or the platform. The words of
/// the counter are (block low, block high, stream low, stream high).
public struct Philox: Sendable, RandomNumberGenerator {
    /// The seed of the experiment.
    public let key: UInt64
    /// Number of the sequence.
    public let stream: UInt64

    private var block: UInt64 = 0
    private var words: SIMD4<UInt32> = .zero
    private var used = 4
    /// The second number of the last Box-Muller pair.
    var spareNormal: Double?

    /// A generator at the start of a sequence.
    public init(key: UInt64, stream: UInt64 = 0) {
        self.key = key
        self.stream = stream
    }

    /// The next 32 random bits.
    public mutating func nextUInt32() -> UInt32 {
        if used == 4 {
            words = Philox.block(
                counter: SIMD4(
                    UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
                    UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)),
                key: SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)))
            block &+= 1
            used = 0
        }
        let word = words[used]
        used += 1
        return word
    }

    /// The next 64 random bits: two words, low word first.
    public mutating func next() -> UInt64 {
        let low = UInt64(nextUInt32())
        return low | UInt64(nextUInt32()) << 32
    }

    /// The function of the generator: ten rounds on one counter.
    public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (c0, c1, c2, c3) = (counter.x, counter.y, counter.z, counter.w)
        var (k0, k1) = (key.x, key.y)
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) &* UInt64(c0)
            let second = UInt64(0xCD9E_8D57) &* UInt64(c2)
            (c0, c1, c2, c3) = (
                UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: second),
                UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: first)
            )
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return SIMD4(c0, c1, c2, c3)
    }
}
