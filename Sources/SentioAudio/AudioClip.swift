/// Decoded audio.
public struct AudioClip: Equatable, Sendable {
    /// Interleaved [frame][channel], full scale ±1, all finite.
    public var samples: [Float]
    /// Number of channels.
    public var channels: Int
    /// Frames per second, in Hz.
    public var sampleRate: Int

    /// Precondition: at least one channel, a positive rate, and a whole number of frames.
    public init(samples: [Float], channels: Int, sampleRate: Int) {
        precondition(channels > 0 && sampleRate > 0, "An audio clip needs a channel and a positive sample rate.")
        precondition(samples.count % channels == 0, "An audio clip needs the same number of samples in each channel.")
        self.samples = samples
        self.channels = channels
        self.sampleRate = sampleRate
    }

    /// Samples per channel.
    public var frameCount: Int { samples.count / channels }
    /// Duration in seconds.
    public var seconds: Double { Double(frameCount) / Double(sampleRate) }
}
