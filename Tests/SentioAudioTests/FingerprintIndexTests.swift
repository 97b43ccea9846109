import Testing

@testable import SentioAudio

/// The index against the comparison of every pair at every offset, on random words.
@Suite struct FingerprintIndexTests {
    /// SplitMix64, so that no library decides what is tested.
    struct Words {
        var state: UInt64
        mutating func next() -> UInt32 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return UInt32(truncatingIfNeeded: z ^ z >> 31)
        }
        /// A clip with frames of silence.
        mutating func clip(_ count: Int) -> AcousticFingerprint {
            var words: [UInt32] = [], masks: [UInt32] = []
            for _ in 0..<count {
                words.append(next())
                masks.append(next() % 20 == 0 ? 0 : next())
            }
            return AcousticFingerprint(words: words, masks: masks)
        }
        /// Some frames of a clip, with one of `rarity` bits turned.
        mutating func copy(_ clip: AcousticFingerprint, _ range: Range<Int>, rarity: UInt32) -> AcousticFingerprint {
            let words = range.map { frame -> UInt32 in
                (0..<32).reduce(clip.words[frame]) { word, bit in
                    next() % rarity == 0 ? word ^ (1 << UInt32(bit)) : word
                }
            }
            return AcousticFingerprint(words: words, masks: Array(clip.masks[range]))
        }
    }

    /// Two songs, excerpts of both at several offsets with errors, and clips of their own, in mixed order.
    static func clips() -> [AcousticFingerprint] {
        var words = Words(state: 5)
        let one = words.clip(400), other = words.clip(331)
        return [
            words.copy(one, 250..<400, rarity: 20), words.clip(200), one, words.copy(other, 0..<331, rarity: 40),
            AcousticFingerprint(words: [], masks: []), words.copy(one, 0..<180, rarity: 1000), words.clip(3), other,
            words.copy(other, 101..<260, rarity: 30), words.copy(one, 200..<360, rarity: 100), words.clip(500),
        ]
    }

    @Test func itFindsWhatComparingEveryPairFinds() throws {
        let clips = Self.clips(), comparison = FingerprintComparison()
        var pairs: [FingerprintPair] = []
        for second in clips.indices {
            for first in 0..<second {
                if let match = comparison.match(clips[first], clips[second]) {
                    pairs.append(FingerprintPair(first: first, second: second, match: match))
                }
            }
        }
        // The excerpts 0 and 9 share 110 frames, less than the 129 of 3 s.
        #expect(pairs.map { [$0.first, $0.second] } == [[0, 2], [2, 5], [3, 7], [3, 8], [7, 8], [2, 9]])
        #expect(pairs.map(\.match.offset) == [-250, 0, 0, 101, 101, 200])
        #expect(FingerprintIndex(clips, comparison: comparison).pairs() == pairs)
    }
}
