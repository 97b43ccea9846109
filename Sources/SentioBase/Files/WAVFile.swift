/// Mono sound as a WAV file of 16-bit samples (RIFF, PCM).
public enum WAVFile {
    /// The whole file.
    ///
    /// - Parameters:
    ///   - samples: -1...1 is full scale; beyond is cut off, and what is no number is silence.
    ///   - sampleRate: Hz.
    ///   - rounding: to whole steps. The nearest is right, half a step off at most; toward zero is up to a whole one
    ///   off, and
    ///     quieter.
    /// - Precondition: the sample rate is positive and the file stays below 4 GiB.
    public static func bytes(
        _ samples: [Float], sampleRate: Int, rounding: FloatingPointRoundingRule = .toNearestOrAwayFromZero
    ) -> [UInt8] {
        precondition(sampleRate > 0 && samples.count < 1 << 30)
        let size = 2 * samples.count
        var out: [UInt8] = []
        out.reserveCapacity(44 + size)
        func add<Number: FixedWidthInteger>(_ value: Number) { withUnsafeBytes(of: value.littleEndian) { out += $0 } }
        out += Array("RIFF".utf8)
        add(UInt32(36 + size))
        out += Array("WAVEfmt ".utf8)
        add(UInt32(16))
        // PCM, one channel.
        add(UInt16(1))
        add(UInt16(1))
        add(UInt32(sampleRate))
        add(UInt32(2 * sampleRate))
        add(UInt16(2))
        add(UInt16(16))
        out += Array("data".utf8)
        add(UInt32(size))
        for sample in samples { add(sample.isFinite ? Int16((max(-1, min(1, sample)) * 32_767).rounded(rounding)) : 0) }
        return out
    }
}
