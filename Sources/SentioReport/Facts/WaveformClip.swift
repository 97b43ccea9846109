import SentioBase
import SentioKit
import SentioNumerics

/// An excerpt of a song as a WAV file.
enum WaveformClip {
    static let seconds = 10.0

    /// The middle of a decoded waveform as 16-bit mono PCM; nil if no artifact contains the song or it is missing.
    static func wav(of song: String, in artifacts: RunArtifacts) -> [UInt8]? {
        for output in artifacts.all(.waveforms) {
            guard let rate = output.manifest.attributes["sample_rate"]?.int, (1000...192_000).contains(rate),
                let entry = output.manifest.entries.first(where: { $0.id == song }),
                entry.blob.size <= RunArtifacts.mostBytes,
                let bytes = try? artifacts.source.read(entry.blob), let samples = samples(bytes)
            else { continue }
            let count = min(samples.count, Int(seconds * Double(rate))), start = (samples.count - count) / 2
            return WAVFile.bytes(Array(samples[start..<start + count]), sampleRate: rate)
        }
        return nil
    }

    private static func samples(_ bytes: [UInt8]) -> [Float]? { (try? NpyFile.read(bytes))?.floats }
}
