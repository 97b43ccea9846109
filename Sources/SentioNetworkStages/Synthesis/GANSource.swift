import SentioKit
import SentioNN
import SentioNumerics

/// Training samples of a GAN: random crops of training songs in the generator's range, with their ratings. A sample
/// depends only on seed, epoch and song.
struct GANSource: TrainingSource {
    let songs: [SongSpectrogram]
    /// Scaled ratings [songs, dimensions].
    let targets: [Float]
    let dimensions: Int
    let frames: Int
    /// Crops of each song per epoch.
    let crops: Int
    let scaling: GeneratorScaling
    let seed: UInt64
    private let streams: [UInt64]

    init(
        songs: [SongSpectrogram], targets: [Float], dimensions: Int, frames: Int, crops: Int, scaling: GeneratorScaling,
        seed: UInt64
    ) {
        precondition(!songs.isEmpty && targets.count == songs.count * dimensions)
        self.songs = songs
        self.targets = targets
        self.dimensions = dimensions
        self.frames = frames
        self.crops = crops
        self.scaling = scaling
        self.seed = seed
        streams = songs.map { Hashing.content($0.song).leadingBits }
    }

    var count: Int { songs.count * crops }
    var inputShape: Shape { [songs[0].mels, frames] }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) {
        let (index, crop) = (position / crops, position % crops), song = songs[index]
        var random = Philox(
            key: seed ^ 0x6A4E_0000_0000,
            stream: streams[index] &+ UInt64(epoch * crops + crop) &* 0x9E37_79B9_7F4A_7C15)
        put(song, start: song.frames > frames ? random.nextInt(below: song.frames - frames + 1) : 0, into: input)
        for dimension in 0..<dimensions { target[dimension] = targets[index * dimensions + dimension] }
    }

    /// One crop; a shorter song is padded with silence, the scale's lower end.
    func put(_ song: SongSpectrogram, start: Int, into input: UnsafeMutableBufferPointer<Float>) {
        let length = min(frames, song.frames)
        if length < frames { input.update(repeating: -1) }
        func put(scale: Double, shift: Double) {
            song.put(
                start..<start + length, into: input, width: frames, column: 0, scale: Float(scale),
                shift: Float(shift), adding: false)
        }
        switch scaling {
        case .range(let range): put(scale: range.scale, shift: range.shift)
        case .bands:
            put(scale: 1, shift: 0)
            for band in 0..<song.mels {
                let (scale, shift) = scaling.line(band)
                for index in band * frames..<band * frames + length {
                    input[index] = Float(Double(input[index]) * scale + shift)
                }
            }
        }
        for index in input.indices { input[index] = min(1, max(-1, input[index])) }
    }
}
