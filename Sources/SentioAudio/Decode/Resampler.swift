/// Resamples with libsoxr's HQ recipe in float32. The result equals librosa.resample(res_type="soxr_hq"), including the
/// length ceil(frames * to / from), zero-filled at the end if libsoxr returns less. Deterministic.
public struct Resampler: Sendable {
    let from: Int
    let to: Int

    /// - Parameters:
    ///   - from: rate of the input in Hz.
    ///   - to: rate of the result in Hz.
    /// - Precondition: both are positive.
    public init(from: Int, to: Int) {
        precondition(from > 0 && to > 0, "A resampler needs positive rates, not \(from) and \(to) Hz.")
        self.from = from
        self.to = to
    }

    /// The clip at the rate `to`.
    /// - Throws: `AudioError.resampling`; `AudioError.noSamples` for an empty clip.
    /// - Precondition: the clip has the rate `from`.
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
