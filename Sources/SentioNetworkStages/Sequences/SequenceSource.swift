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

    var count: Int { songs.count }
    var songCount: Int { songs.count }
    var songIndices: [Int] { Array(songs.indices) }
    var inputShape: Shape { [times.count, scaling.means.count] }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) {
        songs[position].put(times, scaling, into: input)
        guard targets.indices.contains(position) else { return }
        _ = target.update(fromContentsOf: targets[position])
    }
}
