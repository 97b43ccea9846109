import Foundation
import SentioKit
import SentioNumerics

/// How training samples are mixed.
enum Mixing: String, ParameterChoice {
    case none
    /// With any other song (Zhang et al. 2018).
    case mixup
    /// With a song of similar ratings (Yao et al. 2022).
    case near = "c-mixup"
}

/// Augmentation of training samples, so that no two epochs are alike. Random cropping precedes it and is independent.
struct Augmentation: Sendable, Equatable {
    /// SpecAugment (Park et al. 2019): this many frequency masks of at most this many mels are set to the mean;
    /// likewise time masks.
    var melMasks = 0
    var melMaskWidth = 20
    var frameMasks = 0
    var frameMaskWidth = 40
    var mixing = Mixing.none
    /// Both parameters of the beta distribution of the mixing share.
    var mixingAlpha = 0.5
    /// For C-Mixup: the deviation of the normal kernel by which partners are chosen, in rating units.
    var mixingBandwidth = 0.5
    /// Largest circular time shift, in frames, either way.
    var roll = 0
    /// Largest gain, in dB, either way.
    var gain = 0.0

    /// Sets masks of a spectrogram [mels, frames] to 0, the mean of scaled spectrograms.
    func mask(_ sample: UnsafeMutableBufferPointer<Float>, mels: Int, frames: Int, _ random: inout Philox) {
        for _ in 0..<melMasks {
            let bands = Self.stretch(of: mels, atMost: melMaskWidth, &random)
            sample[bands.lowerBound * frames..<bands.upperBound * frames].update(repeating: 0)
        }
        for _ in 0..<frameMasks {
            let columns = Self.stretch(of: frames, atMost: frameMaskWidth, &random)
            for band in 0..<mels {
                sample[band * frames + columns.lowerBound..<band * frames + columns.upperBound].update(repeating: 0)
            }
        }
    }

    /// The same for a spectrogram [frames, mels], with another mean.
    func mask(
        _ sample: UnsafeMutableBufferPointer<Float>, frames: Int, mels: Int, to mean: Float, _ random: inout Philox
    ) {
        for _ in 0..<melMasks {
            let bands = Self.stretch(of: mels, atMost: melMaskWidth, &random)
            for frame in 0..<frames {
                sample[frame * mels + bands.lowerBound..<frame * mels + bands.upperBound].update(repeating: mean)
            }
        }
        for _ in 0..<frameMasks {
            let columns = Self.stretch(of: frames, atMost: frameMaskWidth, &random)
            sample[columns.lowerBound * mels..<columns.upperBound * mels].update(repeating: mean)
        }
    }

    /// A stretch of a random length up to `most`, anywhere.
    private static func stretch(of length: Int, atMost most: Int, _ random: inout Philox) -> Range<Int> {
        let width = random.nextInt(below: min(most, length) + 1), start = random.nextInt(below: length - width + 1)
        return start..<start + width
    }

    /// The partner that a sample is mixed with, and the sample's own share; nil: no mixing.
    ///
    /// - parameter targets: scaled ratings [samples, dimensions].
    func partner(of position: Int, targets: [Float], dimensions: Int, _ random: inout Philox) -> (
        position: Int, share: Double
    )? {
        let count = targets.count / dimensions
        guard mixing != .none, count > 1 else { return nil }
        let share = random.nextBeta(mixingAlpha, mixingAlpha)
        guard mixing == .near else {
            let other = random.nextInt(below: count - 1)
            return (other < position ? other : other + 1, share)
        }
        func density(_ other: Int) -> Double {
            guard other != position else { return 0 }
            var squared = 0.0
            for dimension in 0..<dimensions {
                let difference = Double(
                    targets[other * dimensions + dimension] - targets[position * dimensions + dimension])
                squared += difference * difference
            }
            // Never quite 0, so that a song far from all others still finds a partner.
            return max(1e-30, exp(-squared / (2 * mixingBandwidth * mixingBandwidth)))
        }
        let total = (0..<count).reduce(0) { $0 + density($1) }
        var rest = random.nextDouble() * total, chosen = position == 0 ? 1 : 0
        for other in 0..<count where other != position {
            chosen = other
            rest -= density(other)
            if rest < 0 { break }
        }
        return (chosen, share)
    }
}
