import SentioLearn
import SentioNumerics

/// Reduces the training set to a fraction, for learning curves.
///
/// Whole groups are kept, in a random order that depends on the seed only: the subset is the start of that order whose
/// size is closest to the fraction, so smaller fractions give subsets of larger ones. At least one group is kept.
enum TrainingSubset {
    /// Stream of the order, so that it does not repeat the numbers that assigned the songs.
    private static let stream: UInt64 = 1

    /// The sets without the training songs that are left out.
    /// - parameter songs: all songs with their groups, in an order that does not depend on the fraction.
    static func reduce(
        _ sets: [String: SplitSet], to fraction: Double, songs: [(id: String, group: Int)], seed: UInt64
    ) -> [String: SplitSet] {
        guard fraction < 1 else { return sets }
        var members: [Int: [String]] = [:], order: [Int] = []
        for (id, group) in songs where sets[id] == .train {
            if members[group] == nil { order.append(group) }
            members[group, default: []].append(id)
        }
        var generator = Philox(key: seed, stream: stream)
        let shuffled = generator.permutation(order.count).map { members[order[$0]] ?? [] }
        let wanted = fraction * Double(shuffled.reduce(0) { $0 + $1.count })
        var taken = 0
        let kept = shuffled.prefix { group in
            // Closest to the fraction: up to half of the last group may lie beyond it.
            guard taken == 0 || Double(taken) + 0.5 * Double(group.count) <= wanted else { return false }
            taken += group.count
            return true
        }
        var reduced = sets
        for song in shuffled.dropFirst(kept.count).joined() { reduced[song] = nil }
        return reduced
    }
}
