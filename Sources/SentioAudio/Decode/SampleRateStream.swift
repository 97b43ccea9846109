/// Converts one clip to another sample rate, fed in pieces of interleaved frames. Their sizes do not affect the result.
/// Throws `AudioError.resampling`.
protocol SampleRateStream: AnyObject {
    func push(_ start: UnsafePointer<Float>, frames: Int, into samples: inout [Float]) throws
    /// Flushes the filter. The total output is then ceil(frames * ratio) frames.
    func finish(into samples: inout [Float]) throws
}
