import SentioNN

/// Samples to predict songs from: several per song, whose mean prediction is the song's.
protocol SongSource: TrainingSource {
    /// The song of each sample, in the order of the samples.
    var songIndices: [Int] { get }
    var songCount: Int { get }
}

extension SongSource {
    /// Averages the predictions of samples [samples, dimensions] over each song.
    func averaged(_ predictions: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: songCount * dimensions),
            counts = [Double](repeating: 0, count: songCount)
        for (position, song) in songIndices.enumerated() {
            counts[song] += 1
            for dimension in 0..<dimensions {
                sums[song * dimensions + dimension] += predictions[position * dimensions + dimension]
            }
        }
        return sums.enumerated().map { $1 / counts[$0 / dimensions] }
    }
}
