import SentioNN

/// Whole songs as samples: embeddings on a time grid, and ratings there, NaN if missing.
struct SequenceSource: SongSource {
    let songs: [EmbeddingSequence]
    /// By song, [steps, dimensions]; empty for songs that are only predicted.
    let targets: [[Float]]
    let times: [Double]
    let scaling: EmbeddingScaling
    /// Predictions of a song: steps times rated dimensions.
    let dimensions: Int
    /// Whether the first row of a sample gives the number of steps within the song, so that attention can leave out the
    /// rest.
    let hasLengths: Bool

    var count: Int { songs.count }
    var songCount: Int { songs.count }
    var songIndices: [Int] { Array(songs.indices) }
    var inputShape: Shape {
        Self.inputShape(steps: times.count, width: scaling.means.count, hasLengths: hasLengths)
    }

    static func inputShape(steps: Int, width: Int, hasLengths: Bool) -> Shape { [steps + (hasLengths ? 1 : 0), width] }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) {
        let song = songs[position], first = hasLengths ? scaling.means.count : 0
        if hasLengths {
            for place in 0..<first { input[place] = 0 }
            input[0] = Float(song.count(of: times))
        }
        song.put(times, scaling, into: UnsafeMutableBufferPointer(rebasing: input[first...]))
        guard targets.indices.contains(position) else { return }
        _ = target.update(fromContentsOf: targets[position])
    }
}
