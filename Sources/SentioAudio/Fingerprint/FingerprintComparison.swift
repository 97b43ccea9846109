/// Decides whether two fingerprints are of one recording: at some offset, over the whole stretch that both have, the
/// bits that are reliable in both agree.
///
/// The rule looks at everything the clips have in common at that offset, so a shared loop or sample does not make two
/// songs one. Another tempo, pitch or performance is another recording. Deterministic.
public struct FingerprintComparison: Sendable, Equatable {
    /// Similarity from which two clips are the same recording. Default 0.9: of 46,397 pairs of unrelated
    /// real songs the highest is 0.68; of copies of 10 s with white noise at 10 dB, at 64 kbit/s, the lowest is 0.92.
    public let threshold: Double
    /// Shortest common stretch that is compared, in frames. Default 3 s, as in Haitsma and Kalker.
    public let shortestOverlap: Int

    /// Reliable bits that two unrelated clips have in common are about a half; with fewer than a quarter there is too
    /// little to compare.
    static let leastCommonBits = 0.25
    /// Similarity from which the neighbors of an offset are compared too.
    private static let promising = 0.75
    /// How far from a candidate the best offset may lie, in frames.
    private static let slack = 2

    /// - Parameters:
    ///   - threshold: from 0.5 to 1.
    ///   - shortestOverlap: in seconds.
    public init(threshold: Double = 0.9, shortestOverlap: Double = 3) {
        self.threshold = threshold
        self.shortestOverlap = max(1, Int((shortestOverlap / AcousticFingerprint.frameSeconds).rounded()))
    }

    /// The best match over all offsets, or nil. Its cost grows with the product of the lengths; `FingerprintIndex`
    /// finds the same matches among many clips.
    public func match(_ first: AcousticFingerprint, _ second: AcousticFingerprint) -> FingerprintMatch? {
        let lowest = shortestOverlap - second.count, highest = first.count - shortestOverlap
        guard lowest <= highest else { return nil }
        return best(first, second, offsets: lowest...highest)
    }

    /// The best match near the given offsets, or nil.
    func match(_ first: AcousticFingerprint, _ second: AcousticFingerprint, near offsets: [Int]) -> FingerprintMatch? {
        let least = min(threshold, Self.promising)
        var tried: Set<Int> = [], best: FingerprintMatch?
        for offset in offsets where match(first, second, offset: offset, least: least) != nil {
            for near in (offset - Self.slack)...(offset + Self.slack) where tried.insert(near).inserted {
                best = Self.better(best, match(first, second, offset: near, least: threshold))
            }
        }
        return best
    }

    private func best(
        _ first: AcousticFingerprint, _ second: AcousticFingerprint, offsets: ClosedRange<Int>
    ) -> FingerprintMatch? {
        var best: FingerprintMatch?
        for offset in offsets { best = Self.better(best, match(first, second, offset: offset, least: threshold)) }
        return best
    }

    /// The more similar one; of equals the one with the longer overlap, then the smaller offset, so that the order of
    /// trying does not matter.
    private static func better(_ one: FingerprintMatch?, _ other: FingerprintMatch?) -> FingerprintMatch? {
        guard let one, let other else { return one ?? other }
        return (one.similarity, one.overlap, -one.offset) >= (other.similarity, other.overlap, -other.offset)
            ? one : other
    }

    /// The match at one offset; nil where the clips agree less there or have too little in common.
    private func match(
        _ first: AcousticFingerprint, _ second: AcousticFingerprint, offset: Int, least: Double
    ) -> FingerprintMatch? {
        let start = max(0, -offset), end = min(second.count, first.count - offset)
        guard end - start >= shortestOverlap else { return nil }
        var differing = 0, common = 0, overlap = 0
        first.words.withUnsafeBufferPointer { words in
            first.masks.withUnsafeBufferPointer { masks in
                second.words.withUnsafeBufferPointer { otherWords in
                    second.masks.withUnsafeBufferPointer { otherMasks in
                        for frame in start..<end {
                            let mask = masks[frame + offset], otherMask = otherMasks[frame]
                            let both = mask & otherMask
                            differing &+= ((words[frame + offset] ^ otherWords[frame]) & both).nonzeroBitCount
                            common &+= both.nonzeroBitCount
                            overlap &+= mask != 0 && otherMask != 0 ? 1 : 0
                        }
                    }
                }
            }
        }
        guard overlap >= shortestOverlap,
            Double(common) >= Self.leastCommonBits * Double(Fingerprinter.reliableBits * overlap)
        else { return nil }
        let similarity = 1 - Double(differing) / Double(common)
        guard similarity >= least else { return nil }
        return FingerprintMatch(similarity: similarity, offset: offset, overlap: overlap)
    }
}
