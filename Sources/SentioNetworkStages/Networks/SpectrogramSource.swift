import SentioKit
import SentioNN
import SentioNumerics

/// Training samples: one crop of each song per epoch, augmented. A sample depends only on seed, epoch and song, not on
/// threads or on earlier samples.
struct SpectrogramSource: TrainingSource {
    let songs: [SongSpectrogram]
    /// Scaled ratings [songs, dimensions].
    let targets: [Float]
    /// Weight of each song in the loss.
    let weights: [Double]
    let dimensions: Int
    let frames: Int
    let scaling: SpectrogramScaling
    let augmentation: Augmentation
    let seed: UInt64
    private let streams: [UInt64]

    /// - precondition: there is a song, and all have the same number of bands.
    init(
        songs: [SongSpectrogram], targets: [Float], weights: [Double], dimensions: Int, frames: Int,
        scaling: SpectrogramScaling,
        augmentation: Augmentation, seed: UInt64
    ) {
        precondition(!songs.isEmpty && targets.count == songs.count * dimensions && weights.count == songs.count)
        self.songs = songs
        self.targets = targets
        self.weights = weights
        self.dimensions = dimensions
        self.frames = frames
        self.scaling = scaling
        self.augmentation = augmentation
        self.seed = seed
        // Keyed by name, so that another song in the set does not change the draws of this one.
        streams = songs.map { Hashing.content($0.song).leadingBits }
    }

    var count: Int { songs.count }
    var inputShape: Shape { [songs[0].mels, frames] }

    func weight(epoch: Int, position: Int) -> Double {
        var random = random(epoch, position)
        guard
            let (partner, share) = augmentation.partner(of: position, targets: targets, dimensions: dimensions, &random)
        else {
            return weights[position]
        }
        return share * weights[position] + (1 - share) * weights[partner]
    }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) {
        var random = random(epoch, position)
        let mixed = augmentation.partner(of: position, targets: targets, dimensions: dimensions, &random)
        put(position, share: mixed?.share ?? 1, into: input, adding: false, &random)
        for dimension in 0..<dimensions { target[dimension] = targets[position * dimensions + dimension] }
        if let (partner, share) = mixed {
            put(partner, share: 1 - share, into: input, adding: true, &random)
            for dimension in 0..<dimensions {
                target[dimension] =
                    Float(share) * target[dimension] + Float(1 - share) * targets[partner * dimensions + dimension]
            }
        }
        augmentation.mask(input, mels: songs[position].mels, frames: frames, &random)
    }

    /// One random crop of a song, with a circular time shift and a gain; padded with the mean at its end.
    private func put(
        _ position: Int, share: Double, into input: UnsafeMutableBufferPointer<Float>, adding: Bool,
        _ random: inout Philox
    ) {
        let song = songs[position], length = min(frames, song.frames)
        let start = song.frames > frames ? random.nextInt(below: song.frames - frames + 1) : 0
        let turn = augmentation.roll > 0 ? random.nextInt(below: 2 * augmentation.roll + 1) - augmentation.roll : 0
        let gain = augmentation.gain > 0 ? augmentation.gain * (2 * random.nextDouble() - 1) : 0
        let (scale, shift) = scaling.factors(song.moments)
        if !adding, length < frames { input.update(repeating: 0) }
        song.put(
            start..<start + length, into: input, width: frames, column: (turn % frames + frames) % frames,
            scale: Float(share * scale),
            shift: Float(share * (shift + scale * gain)), adding: adding)
    }

    private func random(_ epoch: Int, _ position: Int) -> Philox {
        Philox(key: seed ^ 0x5EC7_12A6_0000_0000, stream: streams[position] &+ UInt64(epoch) &* 0x9E37_79B9_7F4A_7C15)
    }
}
