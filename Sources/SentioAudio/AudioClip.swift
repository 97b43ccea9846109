/// Decoded sound. `samples` are interleaved [frame][channel], full scale ±1, every one finite.
public struct AudioClip: Equatable, Sendable {
    public var samples: [Float]
    public var channels: Int
    /// Frames a second, in Hz.
    public var sampleRate: Int

    /// Precondition: at least one channel, a positive rate, and a whole number of frames.
    public init(samples: [Float], channels: Int, sampleRate: Int) {
        precondition(channels > 0 && sampleRate > 0, "An audio clip needs a channel and a positive sample rate.")
        precondition(samples.count % channels == 0, "An audio clip needs the same number of samples in each channel.")
        self.samples = samples
        self.channels = channels
        self.sampleRate = sampleRate
    }

    public var frameCount: Int { samples.count / channels }
    public var seconds: Double { Double(frameCount) / Double(sampleRate) }
}
