import SentioLearn
import Testing

@testable import SentioSongStages

@Suite struct TrainingSubsetTests {
    /// Sixty songs in twenty groups of three; the last two groups are not for training.
    private let songs = (0..<60).map { (id: "song \($0)", group: $0 / 3) }
    private var sets: [String: SplitSet] {
        Dictionary(
            uniqueKeysWithValues: songs.map { ($0.id, $0.group < 18 ? .train : $0.group == 18 ? .validation : .test) })
    }
    private func training(_ fraction: Double, seed: UInt64 = 5) -> Set<String> {
        Set(TrainingSubset.reduce(sets, to: fraction, songs: songs, seed: seed).filter { $0.value == .train }.keys)
    }

    @Test func theOrderDependsOnTheSeedAlone() {
        let draws = (0..<8).map { training(0.25, seed: $0) }
        #expect(Set(draws).count == 8)
        #expect(draws[3] == training(0.25, seed: 3))
    }

    @Test func everyFractionIsASubsetOfTheNext() {
        var smaller: Set<String> = []
        for percent in 1...100 {
            let kept = training(Double(percent) / 100)
            #expect(kept.isSuperset(of: smaller))
            // At most half a group from the fraction, but at least one group.
            #expect(kept.count == 3 || abs(Double(kept.count) - 0.54 * Double(percent)) <= 1.5 + 1e-9)
            smaller = kept
        }
        #expect(smaller.count == 54)
    }

    @Test func songsOfTheOtherSetsStay() {
        let reduced = TrainingSubset.reduce(sets, to: 0.1, songs: songs, seed: 5)
        #expect(reduced.filter { $0.value != .train } == sets.filter { $0.value != .train })
        #expect(TrainingSubset.reduce(sets, to: 1, songs: songs, seed: 5) == sets)
    }
}
