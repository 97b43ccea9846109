import Foundation

/// The log-mel patches on which musicnn and its VGG were trained (Pons and Serra 2019): 16 kHz, windows of 512 samples
/// every 256 samples, 96 Slaney mel bands up to 8000 Hz, log10(1 + 10,000 x) of the power.
///
/// Computed as in the authors' package, but in float32 throughout; the package rounds powers to float16. Both ends are
/// zero-padded as in librosa 0.10; librosa of 2019 used reflection, which affects the first and last frame.
/// Deterministic; thread-safe.
public struct EncoderSpectrogram: Sendable {
    /// Required sample rate in Hz.
    public static let sampleRate = 16_000
    /// Mel bands.
    public static let bands = 96
    /// Frames in a patch: 3 s.
    public static let frames = 187
    static let hopLength = 256
    /// Seconds from the start of one patch to that of the next.
    public static var patchSeconds: Double { Double(frames * hopLength) / Double(sampleRate) }

    private let mel: LogMelSpectrogram

    /// - Throws: never in practice; the fixed settings are valid.
    public init() throws {
        mel = try LogMelSpectrogram(
            LogMelSpectrogram.Settings(
                sampleRate: Self.sampleRate, fftSize: 512, hopLength: Self.hopLength, mels: Self.bands, minHz: 0,
                maxHz: 8000))
    }

    /// Consecutive patches, [count, frames, bands]. An incomplete patch at the end is dropped. A clip shorter than one
    /// patch is repeated to fill it, as in the authors' training.
    ///
    /// - Parameter samples: mono at 16 kHz.
    /// - Returns: `isRepeated` is true if the clip was shorter than a patch.
    /// - Throws: `AudioError.noSamples`; `AudioError.unusableSample`.
    public func patches(_ samples: [Float]) throws -> (values: [Float], count: Int, isRepeated: Bool) {
        let power = try mel.power(samples), frames = power.frames
        let count = max(1, frames / Self.frames)
        var values = [Float](repeating: 0, count: count * Self.frames * Self.bands)
        for frame in 0..<count * Self.frames {
            for band in 0..<Self.bands {
                values[frame * Self.bands + band] = log10(1 + 10_000 * power.values[band * frames + frame % frames])
            }
        }
        return (values, count, frames < Self.frames)
    }

    /// Frames of a clip.
    public static func frameCount(samples: Int) -> Int { 1 + samples / hopLength }

    /// One patch of a clip, [frames, bands], computed without the rest of the clip; the numbers are those of `patches`.
    ///
    /// - Parameters:
    ///   - frame: the first frame. In a clip shorter than a patch, frames repeat from there.
    ///   - gain: by how much the clip is made louder, in dB.
    ///   - count: samples of the clip.
    ///   - samples: returns some of them.
    /// - Throws: `AudioError.noSamples`; `AudioError.unusableSample`, counted from the start of the clip.
    /// - Precondition: the patch lies in the clip, or the clip is shorter than a patch.
    public func patch(from frame: Int, gain: Double = 0, of count: Int, samples: (Range<Int>) -> [Float]) throws
        -> [Float]
    {
        let total = Self.frameCount(samples: count), isRepeated = total < Self.frames
        precondition(frame >= 0 && (isRepeated ? frame < total : frame + Self.frames <= total))
        // Frame f is centered on sample f · hop, and a window is two hops long.
        let first = isRepeated ? 0 : max(0, frame - 1)
        let end = isRepeated ? count : min(count, (frame + Self.frames) * Self.hopLength)
        let power: Spectrogram
        do {
            power = try mel.power(samples(first * Self.hopLength..<end))
        } catch AudioError.unusableSample(let index) {
            throw AudioError.unusableSample(index: first * Self.hopLength + index)
        }
        let scale = Float(10_000 * pow(10, gain / 10))
        var values = [Float](repeating: 0, count: Self.frames * Self.bands)
        for step in 0..<Self.frames {
            let column = isRepeated ? (frame + step) % total : frame - first + step
            for band in 0..<Self.bands {
                values[step * Self.bands + band] = log10(1 + scale * power.values[band * power.frames + column])
            }
        }
        return values
    }
}
