import SentioKit
import SentioNumerics

/// A few seconds of a song as a WAV file.
enum WaveformClip {
    static let seconds = 10.0

    /// 16-bit mono PCM of the middle of a decoded waveform; nil where the artifact holds no such song or is gone.
    static func wav(of song: String, in artifacts: RunArtifacts) -> [UInt8]? {
        for output in artifacts.all(.waveforms) {
            guard let rate = output.manifest.attributes["sample_rate"]?.int, (1000...192_000).contains(rate),
                let entry = output.manifest.entries.first(where: { $0.id == song }), entry.blob.size <= RunArtifacts.mostBytes,
                let bytes = try? artifacts.source.read(entry.blob), let samples = samples(bytes)
            else { continue }
            let count = min(samples.count, Int(seconds * Double(rate))), start = (samples.count - count) / 2
            return wav(Array(samples[start..<start + count]), rate: rate)
        }
        return nil
    }

    private static func samples(_ bytes: [UInt8]) -> [Float]? { (try? NpyFile.read(bytes))?.floats }

    /// - parameter rate: Hz.
    static func wav(_ samples: [Float], rate: Int) -> [UInt8] {
        var out = Array("RIFF".utf8)
        func put(_ value: Int, bytes: Int) { for place in 0..<bytes { out.append(UInt8(truncatingIfNeeded: value >> (8 * place))) } }
        put(36 + 2 * samples.count, bytes: 4)
        out += Array("WAVEfmt ".utf8)
        put(16, bytes: 4)
        put(1, bytes: 2)
        put(1, bytes: 2)
        put(rate, bytes: 4)
        put(2 * rate, bytes: 4)
        put(2, bytes: 2)
        put(16, bytes: 2)
        out += Array("data".utf8)
        put(2 * samples.count, bytes: 4)
        for sample in samples {
            let bounded = sample.isFinite ? max(-1, min(1, sample)) : 0
            put(Int((bounded * 32767).rounded()), bytes: 2)
        }
        return out
    }
}
