import SentioKit
import SentioLearn
import Testing

@testable import SentioReport

@Suite struct ChangedSongsTests {
    private static let facts = SongFacts(
        table: Table(
            columns: ["song_id", "valence", "arousal", "genre"],
            rows: SyntheticArms.songs.enumerated().map { [$1, "5", "5", $0 % 2 == 0 ? "rock" : "folk"] }),
        attributes: ["scale": [1, 9], "dimensions": ["valence", "arousal"]])

    @Test func theMostChangedFirst() throws {
        let comparison = try SyntheticArms.compare(SyntheticArms.arms([0.2, 0.8]))
        let changes = ChangedSongs(comparison, arm: 1, facts: Self.facts, count: 4)
        #expect(changes.better.count == 4 && changes.better.map(\.change) == changes.better.map(\.change).sorted())
        #expect(changes.worse.allSatisfy { $0.change > 0 })
        let song = try #require(changes.better.first), rating = song.ratings[0]
        let place = try #require(comparison.aligned.songs.firstIndex(of: song.id))
        #expect(rating.truth == comparison.aligned.dimensions[0].truth[place])
        #expect(rating.after == comparison.aligned.dimensions[0].predicted[1][0][place])
        let change =
            song.ratings.reduce(0) { $0 + ($1.after - $1.truth).magnitude - ($1.before - $1.truth).magnitude } / 2
        #expect((song.change - change).magnitude < 1e-12)
    }

    @Test func groupsHoldEverySongOnce() throws {
        let changes = ChangedSongs(
            try SyntheticArms.compare(SyntheticArms.arms([0.2, 0.8])), arm: 1, facts: Self.facts)
        #expect(changes.groups.filter { $0.by == "genre" }.map(\.songs) == [30, 30])
        #expect(changes.groups.filter { $0.by == "quadrant" }.reduce(0) { $0 + $1.songs } <= 60)
        #expect(
            changes.groups.allSatisfy { $0.change.lower <= $0.change.estimate && $0.change.estimate <= $0.change.upper }
        )
    }

    @Test func absentMetadataIsSaid() throws {
        let comparison = try SyntheticArms.compare(SyntheticArms.arms([0.2, 0.8]))
        let changes = ChangedSongs(comparison, arm: 1, facts: .none, columns: ["genre"])
        #expect(changes.groups.isEmpty)
        #expect(
            changes.remarks == [
                "No groups by quadrant: valence, arousal or their common rating scale is not stored.",
                "The labels have no column `genre`.",
            ])
    }
}
