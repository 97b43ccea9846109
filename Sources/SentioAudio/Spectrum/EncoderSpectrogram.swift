import Foundation

/// The log-mel patches that musicnn and its VGG were trained on (Pons and Serra 2019): 16 kHz, windows of 512 every 256
/// samples, 96 Slaney mels up to 8000 Hz, log10(1 + 10,000 x) of the power.
///
/// As the authors' package computes it, in float32 throughout (the package rounds the powers to float16 first). Windows
/// are padded with zeros at both ends as librosa 0.10 does it; librosa of 2019 reflected, which concerns the first and
/// last frame. Deterministic; thread-safe.
public struct EncoderSpectrogram: Sendable {
    public static let sampleRate = 16_000
    public static let bands = 96
    /// Of a patch: 3 s.
    public static let frames = 187
    public static let hopLength = 256
    /// Seconds from the start of a patch to that of the next.
    public static var patchSeconds: Double { Double(frames * hopLength) / Double(sampleRate) }

    private let mel: LogMelSpectrogram

    public init() throws {
        mel = try LogMelSpectrogram(
            LogMelSpectrogram.Settings(
                sampleRate: Self.sampleRate, fftSize: 512, hopLength: Self.hopLength, mels: Self.bands, minHz: 0,
                maxHz: 8000))
    }

    /// Patches side by side, [count, frames, bands]. What is left at the end, less than a patch, is not heard; a clip
    /// that is shorter than one is repeated until it fills it, as in the authors' training.
    ///
    /// - Parameter samples: mono at 16 kHz.
    /// - Returns: `isRepeated`: the clip was shorter than a patch.
    /// - Throws: `AudioError` for no samples, or samples that are not finite.
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
}
