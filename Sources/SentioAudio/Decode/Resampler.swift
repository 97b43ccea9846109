/// libsoxr at its HQ recipe, float32: what librosa.resample(res_type="soxr_hq") gives, including the length
/// ceil(frames * to / from), zero-filled at the end where libsoxr gives less.
/// Throws `AudioError.resampling`. Deterministic.
public struct Resampler: Sendable {
    public let from: Int
    public let to: Int

    /// Rates in Hz. Precondition: both are positive.
    public init(from: Int, to: Int) {
        precondition(from > 0 && to > 0, "A resampler needs positive rates, not \(from) and \(to) Hz.")
        self.from = from
        self.to = to
    }

    /// The same sound at the rate `to`. Precondition: the clip has the rate `from`.
    public func resample(_ clip: AudioClip) throws -> AudioClip {
        precondition(clip.sampleRate == from, "A resampler from \(from) Hz was given a clip at \(clip.sampleRate) Hz.")
        guard from != to else { return clip }
        guard !clip.samples.isEmpty else { throw AudioError.noSamples }
        let stream = try ResamplerStream(from: from, to: to, channels: clip.channels)
        var samples: [Float] = []
        samples.reserveCapacity(Int(Double(clip.samples.count) * Double(to) / Double(from)) + 64)
        try clip.samples.withUnsafeBufferPointer { input in
            guard let start = input.baseAddress else { return }
            try stream.push(start, frames: clip.frameCount, into: &samples)
        }
        try stream.finish(into: &samples)
        return AudioClip(samples: samples, channels: clip.channels, sampleRate: to)
    }
}
