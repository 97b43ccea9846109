/// How well the sequences of several songs are predicted, in two ways: pooled over the steps of all songs, and song by
/// song. The first counts how songs differ from one another, the second only what happens within a song.
public struct SequenceReport: Sendable, Equatable {
    /// Names of the targets.
    public let targets: [String]
    /// Targets × songs.
    public let moments: [[SequenceMoments]]

    /// - Parameter moments: one list per target, with one entry per song in the same order.
    /// - Throws: `LearnError.tooFewRows` for fewer than two songs.
    /// - Precondition: there is a target, and every target has the same number of songs.
    public init(targets: [String], moments: [[SequenceMoments]]) throws {
        precondition(
            !targets.isEmpty && targets.count == moments.count && Set(moments.map(\.count)).count == 1,
            "Every target needs the moments of every song.")
        guard moments[0].count >= 2 else {
            throw LearnError.tooFewRows(method: "A score of sequences", rows: moments[0].count, needed: 2)
        }
        self.targets = targets
        self.moments = moments
    }

    /// Number of songs.
    public var songs: Int { moments[0].count }
    /// Number of steps of all songs together.
    public var steps: Int { Int(moments[0].reduce(0) { $0 + $1.count }) }
    /// Over the steps of all songs, one score per target.
    public var pooled: [RegressionScore] { pooled(Array(0..<songs)) }
    /// The mean over songs of each song's score, one per target.
    public var perSong: [RegressionScore] { perSong(Array(0..<songs)) }

    func pooled(_ rows: [Int]) -> [RegressionScore] {
        moments.map { list in
            var sum = list[rows[0]]
            for row in rows.dropFirst() { sum = sum + list[row] }
            return sum.score
        }
    }

    func perSong(_ rows: [Int]) -> [RegressionScore] {
        moments.map { list in RegressionScore.mean(of: rows.map { list[$0].score }) }
    }
}
