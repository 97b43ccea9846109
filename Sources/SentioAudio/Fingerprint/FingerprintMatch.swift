/// Two clips of one recording: how well they agree and how they lie to one another in time.
public struct FingerprintMatch: Sendable, Equatable {
    /// Fraction of the bits reliable in both clips that agree, 0.5 for unrelated sounds and 1 for a copy.
    public let similarity: Double
    /// Frame of the first clip with which the second begins; negative where the second begins earlier.
    public let offset: Int
    /// Frames that sound in both.
    public let overlap: Int

    /// Second of the first clip with which the second begins, to about 0.02 s.
    public var offsetSeconds: Double { Double(offset) * AcousticFingerprint.frameSeconds }
    /// Seconds that sound in both.
    public var overlapSeconds: Double { Double(overlap) * AcousticFingerprint.frameSeconds }
}
