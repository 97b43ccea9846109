/// How embeddings are scaled before a model sees them: each value by its mean and deviation over the patches of the
/// training songs.
struct EmbeddingScaling: Sendable, Equatable {
    let means: [Float]
    let factors: [Float]

    /// As they are.
    init(width: Int) {
        means = [Float](repeating: 0, count: width)
        factors = [Float](repeating: 1, count: width)
    }

    /// A value that never changes is left at its mean.
    /// - precondition: there is a song, and all have the same width.
    init(_ songs: [EmbeddingSequence]) {
        let width = songs[0].width, rows = Double(songs.reduce(0) { $0 + $1.centers.count })
        var sums = [Double](repeating: 0, count: width), squares = sums
        for song in songs {
            for (place, value) in song.values.enumerated() { sums[place % width] += Double(value) }
        }
        let means = sums.map { $0 / rows }
        for song in songs {
            for (place, value) in song.values.enumerated() {
                let difference = Double(value) - means[place % width]
                squares[place % width] += difference * difference
            }
        }
        self.means = means.map { Float($0) }
        factors = squares.map { $0 > 0 ? Float(1 / ($0 / rows).squareRoot()) : 1 }
    }
}
