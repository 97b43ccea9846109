import SentioNumerics

/// The paired permutation test of two models on the same songs (Fisher 1935; Smucker et al. 2007). Under the null
/// hypothesis it does not matter which model made a prediction, so each permutation swaps the two predictions of every
/// song with probability 1/2 and recomputes the difference of the scores.
///
/// Two-sided. Exact over all 2^n swaps if these are at most `permutations`; otherwise p is (1 + number of differences
/// at least as large) / (1 + permutations).
struct PermutationTest {
    let permutations: Int
    let seed: UInt64

    /// The p-value of each metric.
    ///
    /// - Precondition: both arms have one replicate and the same songs.
    func p(_ first: ArmScores, _ second: ArmScores) -> [Metric: Double] {
        let songs = first.songs, a = first.sums[0], b = second.sums[0]
        let steps = zip(a, b).map { $1.sums - $0.sums }
        let (totalA, totalB) = (first.totals[0].sums, second.totals[0].sums)
        let metrics = Metric.allCases
        let observed = Self.differences(totalA, totalB)
        // Swaps that reproduce the observed difference must count, whatever the rounding of the sums.
        let bounds = zip(metrics, observed).map { $1.magnitude - 1e-9 * max(1e-3, $1.magnitude) }
        var counts = metrics.map { _ in 0 }
        func count(_ moved: SIMD8<Double>) {
            let differences = Self.differences(totalA + moved, totalB - moved)
            for index in metrics.indices where differences[index].magnitude >= bounds[index] { counts[index] += 1 }
        }
        let isExact = songs < 31 && 1 << songs <= permutations
        if isExact {
            for bits in 0..<(1 << songs) {
                var moved = SIMD8<Double>.zero
                for song in 0..<songs where bits >> song & 1 == 1 { moved += steps[song] }
                count(moved)
            }
        } else {
            for permutation in 0..<permutations {
                // Streams below 2^63 draw resamples.
                var generator = Philox(key: seed, stream: 1 << 63 + UInt64(permutation))
                var moved = SIMD8<Double>.zero, word: UInt32 = 0
                for song in 0..<songs {
                    if song % 32 == 0 { word = generator.nextUInt32() }
                    if word >> UInt32(song % 32) & 1 == 1 { moved += steps[song] }
                }
                count(moved)
            }
        }
        let p = counts.map { isExact ? Double($0) / Double(1 << songs) : Double(1 + $0) / Double(1 + permutations) }
        return Dictionary(uniqueKeysWithValues: zip(metrics, p))
    }

    private static func differences(_ first: SIMD8<Double>, _ second: SIMD8<Double>) -> [Double] {
        let one = ScoreSums(sums: first).score, two = ScoreSums(sums: second).score
        return Metric.allCases.map { two[$0] - one[$0] }
    }
}
