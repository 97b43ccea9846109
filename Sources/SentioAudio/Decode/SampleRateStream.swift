/// One clip on its way to another sample rate, fed in pieces of interleaved frames; the pieces' sizes do not change the
/// result. Throws `AudioError.resampling`.
protocol SampleRateStream: AnyObject {
    func push(_ start: UnsafePointer<Float>, frames: Int, into samples: inout [Float]) throws
    /// Flushes the filter: all that was pushed and appended is then ceil(frames * ratio) frames.
    func finish(into samples: inout [Float]) throws
}
