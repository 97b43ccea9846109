import Foundation
import SentioNumerics

/// Phase retrieval: reconstructs audio from magnitudes by alternating between samples and spectra (Griffin and Lim
/// 1984) with momentum (Perraudin et al. 2013). The steps are those of `librosa.griffinlim`, whose random initial
/// phases differ.
///
/// Deterministic for a seed; thread-safe.
public struct GriffinLim: Sendable {
    /// The transform to invert.
    public let stft: STFT
    /// Default 32 (librosa).
    public let iterations: Int
    /// At least 0 (plain Griffin-Lim) and below 1. Default 0.99 (librosa).
    public let momentum: Double

    /// - Precondition: `iterations` is not negative and `momentum` is in 0..<1.
    public init(_ stft: STFT, iterations: Int = 32, momentum: Double = 0.99) {
        precondition(iterations >= 0 && momentum >= 0 && momentum < 1)
        self.stft = stft
        self.iterations = iterations
        self.momentum = momentum
    }

    /// (frames - 1) · hop samples with approximately these magnitudes [bins, frames].
    /// - Precondition: the magnitudes have as many bins as the transform.
    public func samples(_ magnitudes: Spectrogram, seed: UInt64 = 0) -> [Float] {
        precondition(magnitudes.bands == stft.bins, "The spectrogram has \(magnitudes.bands) bins, not \(stft.bins).")
        let frames = magnitudes.frames, bins = stft.bins, count = frames * bins
        guard frames > 1 else { return [] }
        // Transpose to [frame][bin], so that each transform is contiguous.
        var target = [Float](repeating: 0, count: count)
        for bin in 0..<bins {
            for frame in 0..<frames { target[frame * bins + bin] = magnitudes.values[bin * frames + frame] }
        }
        var random = Philox(key: seed, stream: 0x6F1)
        var spectrum = [Float](repeating: 0, count: 2 * count)
        for index in 0..<count {
            let angle = 2 * Double.pi * random.nextDouble()
            (spectrum[2 * index], spectrum[2 * index + 1]) = (Float(cos(angle)), Float(sin(angle)))
        }
        let plan = InversePlan(stft, frames: frames), share = Float(momentum / (1 + momentum))
        var rebuilt = [Float](repeating: 0, count: 2 * count), previous = rebuilt
        var samples = plan.samples(target, spectrum)
        for iteration in 0..<iterations {
            plan.spectrum(samples, &rebuilt)
            for index in 0..<count {
                var (re, im) = (rebuilt[2 * index], rebuilt[2 * index + 1])
                if iteration > 0 {
                    re -= share * previous[2 * index]
                    im -= share * previous[2 * index + 1]
                }
                let length = max((re * re + im * im).squareRoot(), .leastNormalMagnitude)
                (spectrum[2 * index], spectrum[2 * index + 1]) = (re / length, im / length)
            }
            swap(&previous, &rebuilt)
            samples = plan.samples(target, spectrum)
        }
        return samples
    }

    /// Relative error of the magnitudes of `samples`: ‖S − |STFT(x)|‖ / ‖S‖ (Frobenius norms).
    public func spectralConvergence(_ samples: [Float], _ magnitudes: Spectrogram) -> Double {
        let found = stft.magnitude(samples), frames = min(found.frames, magnitudes.frames)
        var (difference, whole) = (0.0, 0.0)
        for bin in 0..<stft.bins {
            for frame in 0..<frames {
                let wanted = Double(magnitudes.values[bin * magnitudes.frames + frame])
                let got = Double(found.values[bin * found.frames + frame])
                difference += (wanted - got) * (wanted - got)
                whole += wanted * wanted
            }
        }
        return whole > 0 ? (difference / whole).squareRoot() : 0
    }
}

/// STFT and inverse STFT for one number of frames.
private final class InversePlan {
    private let stft: STFT
    private let frames: Int
    private let transform: RealFFT
    private let real: AlignedFloats
    private let complex: AlignedFloats
    /// 1 / the sum of the squared windows at each sample, including the half windows at both ends.
    private let weights: [Float]

    init(_ stft: STFT, frames: Int) {
        self.stft = stft
        self.frames = frames
        transform = .shared(size: stft.fftSize)
        real = AlignedFloats(count: transform.realStride)
        complex = AlignedFloats(count: transform.complexStride)
        var sums = [Float](repeating: 0, count: (frames - 1) * stft.hopLength + stft.fftSize)
        for frame in 0..<frames {
            for place in 0..<stft.fftSize {
                sums[frame * stft.hopLength + place] += stft.singleWindow[place] * stft.singleWindow[place]
            }
        }
        weights = sums.map { $0 > .leastNormalMagnitude ? 1 / $0 : 1 }
    }

    /// Inverse STFT of magnitudes times unit phasors, both [frame][bin], without the samples before the center of the
    /// first frame and after that of the last.
    func samples(_ magnitudes: [Float], _ directions: [Float]) -> [Float] {
        let (size, hop, bins) = (stft.fftSize, stft.hopLength, stft.bins), scale = 1 / Float(stft.fftSize)
        var sum = [Float](repeating: 0, count: weights.count)
        for frame in 0..<frames {
            for bin in 0..<bins {
                let index = frame * bins + bin
                complex.pointer[2 * bin] = magnitudes[index] * directions[2 * index]
                complex.pointer[2 * bin + 1] = magnitudes[index] * directions[2 * index + 1]
            }
            transform.inverse(complex, into: real)
            for place in 0..<size { sum[frame * hop + place] += real.pointer[place] * stft.singleWindow[place] * scale }
        }
        return (size / 2..<size / 2 + (frames - 1) * hop).map { sum[$0] * weights[$0] }
    }

    /// STFT, zero-padded at both ends.
    func spectrum(_ samples: [Float], _ out: inout [Float]) {
        let (size, hop, bins) = (stft.fftSize, stft.hopLength, stft.bins)
        for frame in 0..<frames {
            let start = frame * hop - size / 2
            for place in 0..<size {
                let from = start + place
                real.pointer[place] = samples.indices.contains(from) ? samples[from] * stft.singleWindow[place] : 0
            }
            transform.forward(real, into: complex)
            for index in 0..<2 * bins { out[frame * 2 * bins + index] = complex.pointer[index] }
        }
    }
}
