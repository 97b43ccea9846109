import SentioNumerics
@testable import SentioNetworkStages
import Testing

@Suite struct EmotionRecoveryTests {
    /// Numbers without meaning, two crops of each song alike, and ratings that have nothing to do with them.
    private func noise(songs count: Int) -> (statistics: Matrix, ratings: Matrix, songs: [Int]) {
        var statistics: [[Double]] = [], ratings: [[Double]] = [], songs: [Int] = []
        for song in 0..<count {
            var random = Philox(key: 5, stream: UInt64(song))
            let own = SpectrogramStatistics.names.map { _ in random.nextNormal() }, rating = [random.nextNormal()]
            for _ in 0..<2 {
                statistics.append(own)
                ratings.append(rating)
                songs.append(song)
            }
        }
        return (Matrix(statistics), Matrix(ratings), songs)
    }

    /// What a ridge hears in the very crops that it was fitted on is always something; in songs left out nothing.
    @Test func realSongsAreHeardByModelsThatHaveNotSeenThem() throws {
        let data = noise(songs: 60)
        let recovery = try EmotionRecovery(statistics: data.statistics, ratings: data.ratings, songs: data.songs)
        let seen = try recovery.correlations(data.statistics, asked: data.ratings)[0],
            unseen = try #require(recovery.onReal)[0]
        #expect(seen > 0.3 && unseen < 0.5 && unseen < seen - 0.3, "\(seen) \(unseen)")
    }

    @Test func fewSongsSayNothing() throws {
        let data = noise(songs: 9)
        #expect(
            try EmotionRecovery(statistics: data.statistics, ratings: data.ratings, songs: data.songs).onReal == nil)
    }
}
