import SentioNN

/// Samples to predict from: evenly spaced crops of songs, not augmented. A song's prediction is the mean over its
/// crops.
struct CropSource: SongSource {
    let songs: [SongSpectrogram]
    let dimensions: Int
    let frames: Int
    let scaling: SpectrogramScaling
    /// Song and first frame of each crop, song after song.
    let crops: [(song: Int, start: Int)]

    /// - parameter count: crops of a song longer than one crop; no two start at the same frame.
    /// - precondition: there is a song, and all have the same number of bands.
    init(songs: [SongSpectrogram], dimensions: Int, frames: Int, crops count: Int, scaling: SpectrogramScaling) {
        precondition(!songs.isEmpty && count > 0)
        self.songs = songs
        self.dimensions = dimensions
        self.frames = frames
        self.scaling = scaling
        crops = songs.enumerated().flatMap { index, song in
            Self.starts(length: song.frames, frames: frames, count: count).map { (index, $0) }
        }
    }

    /// First frames of the crops, evenly spaced from a song's start to its end; a single crop lies in the middle.
    static func starts(length: Int, frames: Int, count: Int) -> [Int] {
        let room = length - frames
        guard room > 0 else { return [0] }
        let count = min(count, room + 1)
        return count == 1 ? [room / 2] : (0..<count).map { $0 * room / (count - 1) }
    }

    var count: Int { crops.count }
    var songIndices: [Int] { crops.map(\.song) }
    var songCount: Int { songs.count }
    var inputShape: Shape { [songs[0].mels, frames] }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) {
        let (index, start) = crops[position], song = songs[index], length = min(frames, song.frames)
        let (scale, shift) = scaling.factors(song.moments)
        if length < frames { input.update(repeating: 0) }
        song.put(
            start..<start + length, into: input, width: frames, column: 0, scale: Float(scale), shift: Float(shift),
            adding: false)
    }
}
