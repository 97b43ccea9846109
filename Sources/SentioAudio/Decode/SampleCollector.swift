import CKernels

/// Gathers decoded frames: leaves out the start, mixes to mono, stops at the limit.
struct SampleCollector {
    private(set) var samples: [Float] = []
    private(set) var isFull = false
    private(set) var framesSeen = 0
    private let channels: Int
    private let mono: Bool
    private var toSkip: Int
    private let limit: (frames: Int, isError: Bool)
    private var kept = 0
    private let range: DecodeRange

    /// `expectedFrames` only reserves memory; callers bound it by the file's real size.
    init(range: DecodeRange, sampleRate: Int, channels: Int, mono: Bool, expectedFrames: Int) {
        self.range = range
        self.channels = channels
        self.mono = mono
        toSkip = range.firstFrame(sampleRate: sampleRate)
        limit = range.frameLimit(sampleRate: sampleRate)
        samples.reserveCapacity(max(0, min(expectedFrames, limit.frames) * (mono ? 1 : channels)))
    }

    mutating func append(_ interleaved: UnsafePointer<Float>, frames: Int) throws {
        framesSeen += frames
        let skipped = min(toSkip, frames)
        toSkip -= skipped
        let left = frames - skipped
        let taken = min(left, limit.frames - kept)
        if taken < left {
            if limit.isError { throw AudioError.tooLong(limitSeconds: range.options.maximumSeconds) }
            isFull = true
        }
        kept += taken
        if kept == limit.frames, !limit.isError { isFull = true }
        guard taken > 0 else { return }
        let start = interleaved + skipped * channels
        if mono && channels > 1 {
            let old = samples.count
            withUnsafeTemporaryAllocation(of: Float.self, capacity: taken) { mixed in
                let target = mixed.baseAddress!
                audio_mix_down(start, Int64(taken), Int64(channels), target)
                samples.append(contentsOf: UnsafeBufferPointer(start: target, count: taken))
            }
            assert(samples.count == old + taken)
        } else {
            samples.append(contentsOf: UnsafeBufferPointer(start: start, count: taken * channels))
        }
    }

    /// The clip. Throws when the start asked for lies at or behind the end.
    func clip(sampleRate: Int) throws -> AudioClip {
        if samples.isEmpty, framesSeen > 0, range.options.offset > 0 {
            throw AudioError.offsetBeyondEnd(
                offsetSeconds: range.options.offset, lengthSeconds: Double(framesSeen) / Double(sampleRate))
        }
        return AudioClip(samples: samples, channels: mono ? 1 : channels, sampleRate: sampleRate)
    }
}

/// Whether samples can be analysed at all.
enum SampleCheck {
    /// Squares of spectra of samples up to 1e6 still fit float32.
    static let limit: Float = 1e6

    static func firstUnusable(_ samples: [Float]) -> Int? {
        let index = samples.withUnsafeBufferPointer {
            $0.baseAddress.map { audio_first_unusable($0, Int64(samples.count), limit) } ?? -1
        }
        return index < 0 ? nil : Int(index)
    }
}
