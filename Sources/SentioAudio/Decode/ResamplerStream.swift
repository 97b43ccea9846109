import CSoxr

/// Resamples one clip with libsoxr (HQ recipe, float32), fed in pieces. Their sizes do not affect the result.
final class ResamplerStream: SampleRateStream {
    private let handle: soxr_t
    private let ratio: Double
    private let channels: Int
    private var framesIn = 0
    private var framesOut = 0
    private static let pieceFrames = 4096

    init(from: Int, to: Int, channels: Int) throws {
        var error: soxr_error_t?
        var layout = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        guard let handle = soxr_create(Double(from), Double(to), UInt32(channels), &error, &layout, &quality, nil),
            error == nil
        else { throw AudioError.resampling(reason: error.map { String(cString: $0) } ?? "libsoxr does not start") }
        self.handle = handle
        self.channels = channels
        ratio = Double(to) / Double(from)
    }

    deinit { soxr_delete(handle) }

    func push(_ start: UnsafePointer<Float>, frames: Int, into samples: inout [Float]) throws {
        framesIn += frames
        var at = start
        var left = frames
        while left > 0 {
            let used = try step(at, left, into: &samples).used
            at += used * channels
            left -= used
        }
    }

    /// Flushes the filter and makes the result exactly ceil(frames * ratio) frames long, as librosa.resample(fix=True).
    func finish(into samples: inout [Float]) throws {
        while try step(nil, 0, into: &samples).made > 0 {}
        let wanted = Int((Double(framesIn) * ratio).rounded(.up))
        if framesOut > wanted {
            samples.removeLast((framesOut - wanted) * channels)
        } else {
            samples.append(contentsOf: repeatElement(0, count: (wanted - framesOut) * channels))
        }
    }

    private func step(
        _ start: UnsafePointer<Float>?, _ frames: Int, into samples: inout [Float]
    ) throws -> (used: Int, made: Int) {
        var used = 0
        var made = 0
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.pieceFrames * channels) { piece in
            let error = soxr_process(handle, start, frames, &used, piece.baseAddress, Self.pieceFrames, &made)
            if let error { throw AudioError.resampling(reason: String(cString: error)) }
            samples.append(contentsOf: UnsafeBufferPointer(rebasing: piece[..<(made * channels)]))
        }
        guard used > 0 || made > 0 || frames == 0 else {
            throw AudioError.resampling(reason: "libsoxr accepts no more input")
        }
        framesOut += made
        return (used, made)
    }
}
