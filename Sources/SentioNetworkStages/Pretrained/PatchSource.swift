import SentioKit
import SentioNN
import SentioNumerics

/// Training samples: patches of songs drawn at random, augmented. A sample depends only on seed, epoch and song, not on
/// threads or on earlier samples.
struct PatchSource: TrainingSource {
    let songs: any PatchSongs
    /// The collection of each song; nil: one unknown to the network.
    let contexts: [Int?]
    let contextCount: Int
    /// Scaled ratings [songs, dimensions].
    let targets: [Float]
    /// Weight of each song in the loss.
    let weights: [Double]
    let dimensions: Int
    /// Patches of each song per epoch.
    let patches: Int
    let augmentation: Augmentation
    /// The fill value of masks: the mean of the network's input.
    let mean: Float
    let seed: UInt64
    private let streams: [UInt64]

    /// - precondition: there is a song.
    init(
        songs: any PatchSongs, contexts: [Int?], contextCount: Int, targets: [Float], weights: [Double],
        dimensions: Int, patches: Int, augmentation: Augmentation, mean: Float, seed: UInt64
    ) {
        precondition(!songs.ids.isEmpty && targets.count == songs.ids.count * dimensions)
        precondition(weights.count == songs.ids.count && contexts.count == songs.ids.count)
        self.songs = songs
        self.contexts = contexts
        self.contextCount = contextCount
        self.targets = targets
        self.weights = weights
        self.dimensions = dimensions
        self.patches = patches
        self.augmentation = augmentation
        self.mean = mean
        self.seed = seed
        // Keyed by name, so that another song in the set does not change the draws of this one.
        streams = songs.ids.map { Hashing.content($0).leadingBits }
    }

    var count: Int { patches * songs.ids.count }
    var inputShape: Shape { Self.inputShape(songs.shape, contexts: contextCount) }

    /// The shape of a patch, or with contexts its numbers and one for each context.
    static func inputShape(_ patch: Shape, contexts: Int) -> Shape {
        contexts > 0 ? [patch.count + contexts] : patch
    }

    func weight(epoch: Int, position: Int) -> Double {
        var random = random(epoch, position)
        let song = position % songs.ids.count
        guard let (partner, share) = augmentation.partner(of: song, targets: targets, dimensions: dimensions, &random)
        else { return weights[song] }
        return share * weights[song] + (1 - share) * weights[partner]
    }

    func load(
        epoch: Int, position: Int, input: UnsafeMutableBufferPointer<Float>, target: UnsafeMutableBufferPointer<Float>
    ) throws {
        var random = random(epoch, position)
        let song = position % songs.ids.count, size = songs.shape.count
        let mixed = augmentation.partner(of: song, targets: targets, dimensions: dimensions, &random)
        let patch = UnsafeMutableBufferPointer(rebasing: input[0..<size])
        let place = UnsafeMutableBufferPointer(rebasing: input[size..<size + contextCount])
        place.update(repeating: 0)
        target.update(repeating: 0)
        var parts = [(song: song, share: Float(mixed?.share ?? 1))]
        if let mixed { parts.append((mixed.position, Float(1 - mixed.share))) }
        for (number, part) in parts.enumerated() {
            try songs.putAny(
                of: part.song, gain: augmentation.gain, share: part.share, into: patch, adding: number > 0, &random)
            for dimension in 0..<dimensions {
                target[dimension] += part.share * targets[part.song * dimensions + dimension]
            }
            if let context = contexts[part.song] { place[context] += part.share }
        }
        // Masks and gain are for spectrograms; the stage allows them on nothing else.
        if augmentation.melMasks + augmentation.frameMasks > 0 {
            augmentation.mask(patch, frames: songs.shape[0], mels: songs.shape[1], to: mean, &random)
        }
    }

    private func random(_ epoch: Int, _ position: Int) -> Philox {
        let song = position % songs.ids.count, pass = epoch * patches + position / songs.ids.count
        return Philox(
            key: seed ^ 0xF17E_72A1_0000_0000, stream: streams[song] &+ UInt64(pass) &* 0x9E37_79B9_7F4A_7C15)
    }
}
