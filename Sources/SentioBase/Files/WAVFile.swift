/// Writes mono audio as a WAV file with 16-bit PCM samples.
public enum WAVFile {
    /// The whole file.
    ///
    /// - Parameters:
    ///   - samples: full scale is -1...1. Samples beyond it are clipped; those that are not finite become 0.
    ///   - sampleRate: in Hz.
    ///   - rounding: to 16 bits. Default: to nearest. Rounding toward zero has twice the error and lowers the level.
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
