import CAudioKernels

/// Values over frequency bands and time, row-major [bands, frames].
public struct Spectrogram: Equatable, Sendable {
    /// Frequency bands or bins.
    public let bands: Int
    /// Time frames.
    public let frames: Int
    /// Row-major [bands, frames].
    public var values: [Float]

    /// - Precondition: there are bands * frames values.
    public init(bands: Int, frames: Int, values: [Float]) {
        precondition(
            values.count == bands * frames, "A spectrogram of \(bands) x \(frames) needs \(bands * frames) values.")
        self.bands = bands
        self.frames = frames
        self.values = values
    }

    /// Cut or padded to `count` frames. The padding is the minimum of the clip, its floor, rather than 0, which in dB
    /// may be its maximum.
    /// - Precondition: count > 0.
    public func fitted(frames count: Int) -> Spectrogram {
        precondition(count > 0, "A spectrogram needs at least one frame.")
        guard count != frames else { return self }
        let floor = values.min() ?? 0
        var fitted = [Float](repeating: floor, count: bands * count)
        let kept = min(frames, count)
        for band in 0..<bands {
            for frame in 0..<kept { fitted[band * count + frame] = values[band * frames + frame] }
        }
        return Spectrogram(bands: bands, frames: count, values: fitted)
    }

    /// How the values of a clip are scaled.
    public enum Normalization: String, Sendable, CaseIterable {
        /// Unchanged.
        case none
        /// (x - mean) / standard deviation over the whole clip; a constant clip becomes 0.
        case zScore = "z-score"
        /// (x - min) / (max - min); a constant clip becomes 0.
        case unit
    }

    /// Scaled by statistics of this clip alone.
    public func normalized(_ normalization: Normalization) -> Spectrogram {
        let shift: Float
        let scale: Float
        switch normalization {
        case .none: return self
        case .zScore:
            var sum = 0.0
            for value in values { sum += Double(value) }
            let mean = sum / Double(max(values.count, 1))
            var squares = 0.0
            for value in values { squares += (Double(value) - mean) * (Double(value) - mean) }
            let deviation = (squares / Double(max(values.count, 1))).squareRoot()
            shift = Float(mean)
            // The float32 rounding errors of a constant of magnitude |mean| are not a signal.
            scale = deviation > 1e-6 * max(1, abs(mean)) ? Float(1 / deviation) : 0
        case .unit:
            let low = values.min() ?? 0
            let high = values.max() ?? 0
            shift = low
            scale = high > low ? 1 / (high - low) : 0
        }
        var result = self
        result.values.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { audio_shift_scale(base, Int64(buffer.count), shift, scale) }
        }
        return result
    }
}
