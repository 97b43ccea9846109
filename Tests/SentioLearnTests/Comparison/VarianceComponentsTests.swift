import SentioNumerics
import Testing

@testable import SentioLearn

@Suite struct VarianceComponentsTests {
    /// A layout with known parts: every song adds `song`, every seed `seed`, every cell `cell` to the score.
    static func layout(songs: Int, replicates: Int, song: Double, seed: Double, cell: Double, stream: UInt64 = 1)
        -> VarianceComponents
    {
        var generator = Philox(key: 5, stream: stream)
        let ofSong = (0..<songs).map { _ in song * generator.nextNormal() }
        let ofSeed = (0..<replicates).map { _ in seed * generator.nextNormal() }
        let cells = (0..<songs).map { s in
            (0..<replicates).map { r in ofSong[s] + ofSeed[r] + cell * generator.nextNormal() }
        }
        let values = (0..<replicates).map { r in cells.reduce(0) { $0 + $1[r] } / Double(songs) }
        let leftOut = cells.map { row in
            (0..<replicates).map { r in (values[r] * Double(songs) - row[r]) / Double(songs - 1) }
        }
        return VarianceComponents(values: values, leftOut: leftOut)
    }

    @Test func partsOfAMeanAreThoseItWasMadeOf() {
        var sums = (songs: 0.0, seeds: 0.0, interaction: 0.0)
        for stream in 0..<40 {
            let parts = Self.layout(songs: 50, replicates: 6, song: 1, seed: 0.2, cell: 0.5, stream: UInt64(stream))
            sums.songs += parts.songs / 40
            sums.seeds += (parts.seeds ?? 0) / 40
            sums.interaction += parts.interaction / 40
        }
        #expect((sums.songs - (1 + 0.25 / 6) / 50).magnitude < 0.002)
        #expect((sums.seeds - (0.04 + 0.25 / 50)).magnitude < 0.012)
        #expect((sums.interaction - 0.25 / 50).magnitude < 0.0006)
    }

    @Test func oneReplicateKnowsNothingOfSeeds() {
        let parts = Self.layout(songs: 20, replicates: 1, song: 1, seed: 1, cell: 1)
        #expect(parts.seeds == nil && parts.seedHalfWidth(level: 0.95) == nil)
        #expect((parts.halfWidth(level: 0.95) - 2.093024 * parts.total.squareRoot()).magnitude < 1e-6)
        #expect(parts.budget(resolution: 10, level: 0.95) == .replicates)
    }

    @Test func moreSeedsHelpOnlyWhereSongsAllow() throws {
        let few = Self.layout(songs: 400, replicates: 3, song: 0.05, seed: 0.05, cell: 0.05)
        #expect(few.budget(resolution: 1, level: 0.95) == .resolved)
        guard case .seeds(let more) = few.budget(resolution: 0.02, level: 0.95) else {
            Issue.record("\(few.budget(resolution: 0.02, level: 0.95))")
            return
        }
        #expect((5...100).contains(more))
        guard case .songs(let songs) = few.budget(resolution: 0.002, level: 0.95) else {
            Issue.record("\(few.budget(resolution: 0.002, level: 0.95))")
            return
        }
        // ± 1.96 x 0.05 / sqrt(songs)
        #expect((1500...3500).contains(songs))
    }

    @Test func widthFollowsTheNoisierPart() {
        let songs = Self.layout(songs: 100, replicates: 3, song: 1, seed: 0, cell: 0)
        #expect((songs.halfWidth(level: 0.95) / songs.total.squareRoot() - 1.984).magnitude < 0.001)
        let seeds = Self.layout(songs: 100, replicates: 3, song: 0, seed: 1, cell: 0)
        #expect((seeds.halfWidth(level: 0.95) / seeds.total.squareRoot() - 4.303).magnitude < 0.001)
    }

    @Test func pIsWhereTheIntervalEndsAtZero() {
        let parts = Self.layout(songs: 60, replicates: 3, song: 1, seed: 0.2, cell: 0.5)
        for level in [0.3, 0.95, 0.999] {
            #expect((parts.p(of: parts.halfWidth(level: level)) - (1 - level)).magnitude < 1e-6 * (1 - level))
        }
        #expect(parts.p(of: 0) > 0.999)
    }

    @Test func identicalPredictionsLeaveNoNoise() {
        let parts = Self.layout(songs: 10, replicates: 2, song: 0, seed: 0, cell: 0)
        #expect(parts.total == 0 && parts.halfWidth(level: 0.95) == 0 && parts.p(of: 0) == 1)
    }
}
