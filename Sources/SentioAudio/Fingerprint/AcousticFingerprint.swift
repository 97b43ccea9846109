/// What identifies a recording whatever its loudness, encoding and excerpt: a word of 32 bits for each frame of 23 ms,
/// as in Haitsma and Kalker (2002), with the bits that noise is unlikely to turn.
///
/// Bit b of a frame says whether the energy difference of the bands b and b + 1 grew since the frame before. Its mask
/// has the half of the bits whose differences are largest; a silent frame has an empty mask.
public struct AcousticFingerprint: Sendable, Equatable {
    /// Samples per second that fingerprints are computed at.
    public static let sampleRate = 5500
    /// Samples from frame to frame.
    public static let hopLength = 128
    /// Seconds from frame to frame.
    public static var frameSeconds: Double { Double(hopLength) / Double(sampleRate) }

    /// The signs, one word a frame.
    public let words: [UInt32]
    /// The reliable bits of each word; 0 for a frame of silence.
    public let masks: [UInt32]

    /// - Precondition: as many masks as words.
    public init(words: [UInt32], masks: [UInt32]) {
        precondition(words.count == masks.count, "A fingerprint needs a mask for each of its \(words.count) words.")
        self.words = words
        self.masks = masks
    }

    /// Number of frames.
    public var count: Int { words.count }
    /// Number of frames that are not silent.
    public var soundingCount: Int { masks.count { $0 != 0 } }

    /// Word and mask of each frame in one number, the mask in its upper half, for files.
    public var packed: [Int64] {
        zip(words, masks).map { Int64(bitPattern: UInt64($0) | UInt64($1) << 32) }
    }

    /// From what `packed` returned.
    public init(packed: [Int64]) {
        self.init(
            words: packed.map { UInt32(truncatingIfNeeded: $0) },
            masks: packed.map { UInt32(truncatingIfNeeded: UInt64(bitPattern: $0) >> 32) })
    }
}
