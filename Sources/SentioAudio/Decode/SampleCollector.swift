import CAudioKernels

/// Processes decoded frames as they arrive: skips the start, mixes to mono, resamples, stops at the limit. The audio is
/// never stored at its original rate; the pieces fit the cache.
struct SampleCollector {
    private(set) var isFull = false
    /// Frames decoded so far, at the file's own rate.
    private(set) var framesSeen = 0
    private let options: AudioDecoder.Options
    private let sampleRate: Int
    private let channels: Int
    private let limit: (frames: Int, isError: Bool)
    private var toSkip: Int
    private var kept = 0
    private var samples: [Float] = []
    private let resampler: (any SampleRateStream)?
    private var energy = MixEnergy()

    /// See `MixEnergy.loss`.
    var mixLoss: Double? { energy.loss(channels: channels) }

    /// - Parameter expectedFrames: reserves memory only; callers bound it by the size of the file.
    init(options: AudioDecoder.Options, sampleRate: Int, channels: Int, expectedFrames: Int) throws {
        self.options = options
        self.sampleRate = sampleRate
        self.channels = channels
        // librosa rounds with int(offset * sr) and int(duration * sr).
        toSkip = Int(options.offset * Double(sampleRate))
        let most = Int(options.maximumSeconds * Double(sampleRate))
        let wanted = options.duration.map { Int($0 * Double(sampleRate)) } ?? Int.max
        limit = wanted <= most ? (wanted, false) : (most, true)
        let target = options.sampleRate ?? sampleRate
        let outChannels = options.mono ? 1 : channels
        resampler = try Self.stream(options.resampling, from: sampleRate, to: target, channels: outChannels)
        let frames = Double(max(0, min(expectedFrames, limit.frames))) * Double(target) / Double(sampleRate)
        samples.reserveCapacity(Int(frames.rounded(.up)) * outChannels + 64)
    }

    private static func stream(
        _ resampling: AudioDecoder.Resampling, from: Int, to: Int, channels: Int
    ) throws -> (any SampleRateStream)? {
        if from == to { return nil }
        if resampling == .halfBand, from == 2 * to { return HalfBandStream(channels: channels) }
        return try ResamplerStream(from: from, to: to, channels: channels)
    }

    mutating func append(_ interleaved: UnsafePointer<Float>, frames: Int) throws {
        let bad = audio_first_unusable(interleaved, Int64(frames * channels), SampleCheck.limit)
        if bad >= 0 { throw AudioError.unusableSample(index: framesSeen * channels + Int(bad)) }
        framesSeen += frames
        let skipped = min(toSkip, frames)
        toSkip -= skipped
        let left = frames - skipped
        let taken = min(left, limit.frames - kept)
        if taken < left, limit.isError { throw AudioError.tooLong(limitSeconds: options.maximumSeconds) }
        kept += taken
        if kept == limit.frames, !limit.isError { isFull = true }
        guard taken > 0 else { return }
        let start = interleaved + skipped * channels
        guard options.mono, channels > 1 else { return try emit(start, count: taken) }
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: taken) { mixed in
            guard let target = mixed.baseAddress else { return }
            audio_mix_down(start, Int64(taken), Int64(channels), target)
            energy.add(start, mix: target, frames: taken, channels: channels)
            try emit(target, count: taken)
        }
    }

    private mutating func emit(_ start: UnsafePointer<Float>, count: Int) throws {
        if let resampler {
            try resampler.push(start, frames: count, into: &samples)
        } else {
            samples.append(contentsOf: UnsafeBufferPointer(start: start, count: count * (options.mono ? 1 : channels)))
        }
    }

    /// The finished clip.
    /// - Throws: `AudioError.noSamples`; `AudioError.offsetBeyondEnd`; `AudioError.resampling`.
    mutating func clip() throws -> AudioClip {
        if kept == 0 {
            guard framesSeen > 0, options.offset > 0 else { throw AudioError.noSamples }
            throw AudioError.offsetBeyondEnd(
                offsetSeconds: options.offset, lengthSeconds: Double(framesSeen) / Double(sampleRate))
        }
        try resampler?.finish(into: &samples)
        return AudioClip(
            samples: samples, channels: options.mono ? 1 : channels, sampleRate: options.sampleRate ?? sampleRate)
    }
}

/// Checks that samples can be analyzed.
enum SampleCheck {
    /// Power spectra of samples up to 1e6 still fit float32.
    static let limit: Float = 1e6

    static func firstUnusable(_ samples: [Float]) -> Int? {
        let index = samples.withUnsafeBufferPointer {
            $0.baseAddress.map { audio_first_unusable($0, Int64(samples.count), limit) } ?? -1
        }
        return index < 0 ? nil : Int(index)
    }
}
