/// Mono sound as a WAV file of 16-bit samples (RIFF, PCM).
public enum WAVFile {
    /// The loudest a sample is after `peak`.
    public static let peak: Float = 0.9

    /// - Parameters:
    ///   - samples: -1...1 is full scale; beyond is cut off.
    ///   - normalises: whether the loudest sample becomes 0.9; otherwise only what would be cut off is made softer.
    /// - Precondition: the sample rate is positive and the file stays below 4 GiB.
    public static func bytes(_ samples: [Float], sampleRate: Int, normalises: Bool = false) -> [UInt8] {
        precondition(sampleRate > 0 && samples.count < 1 << 30)
        let loudest = samples.reduce(0) { max($0, abs($1)) }
        let scale = loudest > 0 && (normalises || loudest > 1) ? peak / loudest : 1
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
        for sample in samples { add(Int16(max(-1, min(1, sample * scale)) * 32_767)) }
        return out
    }
}
