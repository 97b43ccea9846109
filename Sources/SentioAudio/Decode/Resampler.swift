import CSoxr

/// libsoxr in one pass at its HQ recipe, float32: what librosa.resample(res_type: "soxr_hq") gives, including the
/// length ceil(frames * to / from), zero-filled at the end where libsoxr gives less.
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

    public func resample(_ clip: AudioClip) throws -> AudioClip {
        guard from != to else { return clip }
        let frames = Int((Double(clip.frameCount) * (Double(to) / Double(from))).rounded(.up))
        guard frames > 0 else { throw AudioError.noSamples }
        guard frames <= 1 << 31 else { throw AudioError.resampling(reason: "the result would have \(frames) frames") }
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        var layout = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var failure: String?
        let samples = [Float](unsafeUninitializedCapacity: frames * clip.channels) { buffer, initialized in
            var done = 0
            let error = clip.samples.withUnsafeBufferPointer {
                soxr_oneshot(
                    Double(from), Double(to), UInt32(clip.channels), $0.baseAddress, clip.frameCount, nil,
                    buffer.baseAddress, frames, &done, &layout, &quality, nil)
            }
            failure = error.map { String(cString: $0) }
            let written = failure == nil ? done * clip.channels : 0
            buffer[written...].initialize(repeating: 0)
            initialized = frames * clip.channels
        }
        if let failure { throw AudioError.resampling(reason: failure) }
        return AudioClip(samples: samples, channels: clip.channels, sampleRate: to)
    }
}
