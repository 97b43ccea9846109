import SentioNumerics

/// Augmentation of all that a critic sees, real and generated alike, with gradients that flow back to the generator
/// (Zhao et al. 2020; Karras et al. 2020). Each sample is shifted in time, then made louder or softer, then masked; all
/// of this is drawn anew for each sample, by the same rule on both sides. The default changes nothing.
public struct AdversarialAugmentation: Sendable, Hashable {
    /// Random circular time shift in both directions, at most this many frames.
    public var roll = 0
    /// The largest offset in each band, on the scale of the spectrograms: a sample's own share of it, from -1 to 1, is
    /// added to all its frames. Empty: none.
    public var gain: [Float] = []
    /// So many stretches of mels and so many of frames are set to 0, each at most an eighth of the spectrogram long.
    public var masks = 0

    /// Nothing.
    public init() {}

    /// Whether it changes anything.
    var isOn: Bool { roll > 0 || !gain.isEmpty || masks > 0 }

    /// What is done to one sample.
    struct Draw: Equatable {
        /// Frames that the sample is shifted by, from 0 to all but one.
        var shift = 0
        /// Of `gain`, from -1 to 1.
        var level: Float = 0
        var bands: [Range<Int>] = []
        var columns: [Range<Int>] = []
    }

    func draw(mels: Int, frames: Int, _ random: inout Philox) -> Draw {
        var draw = Draw()
        if roll > 0 {
            let most = min(roll, frames - 1), shift = random.nextInt(below: 2 * most + 1) - most
            draw.shift = (shift + frames) % frames
        }
        if !gain.isEmpty { draw.level = Float(2 * random.nextDouble() - 1) }
        for _ in 0..<masks {
            draw.bands.append(Self.stretch(of: mels, &random))
            draw.columns.append(Self.stretch(of: frames, &random))
        }
        return draw
    }

    private static func stretch(of length: Int, _ random: inout Philox) -> Range<Int> {
        let width = random.nextInt(below: length / 8 + 1), start = random.nextInt(below: length - width + 1)
        return start..<start + width
    }

    /// Writes the augmented sample [mels, frames].
    func apply(
        _ draw: Draw, _ sample: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>, frames: Int
    ) {
        let mels = sample.count / frames
        for band in 0..<mels {
            let row = band * frames, offset = gain.isEmpty ? 0 : draw.level * gain[band]
            for frame in 0..<frames {
                let place = frame + draw.shift
                target[row + (place < frames ? place : place - frames)] = sample[row + frame] + offset
            }
        }
        mask(draw, target, frames: frames)
    }

    /// Turns the gradient of the augmented sample into that of the sample: the transpose of `apply`.
    func transpose(
        _ draw: Draw, _ gradient: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>,
        frames: Int
    ) {
        var masked = Array(gradient)
        masked.withUnsafeMutableBufferPointer { mask(draw, $0, frames: frames) }
        for row in stride(from: 0, to: gradient.count, by: frames) {
            for frame in 0..<frames {
                let place = frame + draw.shift
                target[row + frame] = masked[row + (place < frames ? place : place - frames)]
            }
        }
    }

    private func mask(_ draw: Draw, _ target: UnsafeMutableBufferPointer<Float>, frames: Int) {
        for bands in draw.bands {
            target[bands.lowerBound * frames..<bands.upperBound * frames].update(repeating: 0)
        }
        for columns in draw.columns {
            for row in stride(from: 0, to: target.count, by: frames) {
                target[row + columns.lowerBound..<row + columns.upperBound].update(repeating: 0)
            }
        }
    }
}

/// One draw of an augmentation for each sample of a batch.
struct AugmentedBatch {
    let augmentation: AdversarialAugmentation
    let frames: Int
    private let draws: [AdversarialAugmentation.Draw]

    init(_ augmentation: AdversarialAugmentation, count: Int, mels: Int, frames: Int, _ random: inout Philox) {
        self.augmentation = augmentation
        self.frames = frames
        draws = (0..<count).map { _ in augmentation.draw(mels: mels, frames: frames, &random) }
    }

    /// The augmented batch [count, mels, frames].
    func applied(to batch: UnsafeBufferPointer<Float>) -> [Float] {
        each(batch) { draw, sample, target in augmentation.apply(draw, sample, into: target, frames: frames) }
    }

    /// The gradient of the batch from that of the augmented one.
    func transposed(_ gradient: UnsafeBufferPointer<Float>) -> [Float] {
        each(gradient) { draw, sample, target in augmentation.transpose(draw, sample, into: target, frames: frames) }
    }

    private func each(
        _ batch: UnsafeBufferPointer<Float>,
        _ body: (
            AdversarialAugmentation.Draw, UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>
        ) -> Void
    ) -> [Float] {
        let size = batch.count / max(1, draws.count)
        var result = [Float](repeating: 0, count: batch.count)
        result.withUnsafeMutableBufferPointer { result in
            for (number, draw) in draws.enumerated() {
                let part = number * size..<(number + 1) * size
                body(
                    draw, UnsafeBufferPointer(rebasing: batch[part]),
                    UnsafeMutableBufferPointer(rebasing: result[part]))
            }
        }
        return result
    }
}
