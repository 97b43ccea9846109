/// Sound files of every kind that is simple enough to write down here, sample by sample.
struct SoundFile {
    enum Encoding: String, CaseIterable {
        case u8, i16, i24, i32, f32, f64

        var bytes: Int { [.u8: 1, .i16: 2, .i24: 3, .i32: 4, .f32: 4, .f64: 8][self] ?? 0 }
        /// Half a step: what rounding may change.
        var step: Float { [.u8: 1 / 128, .i16: 0x1p-15, .i24: 0x1p-23][self] ?? 0x1p-24 }
        var isFloat: Bool { self == .f32 || self == .f64 }
    }

    enum Container: String, CaseIterable { case wav, rf64, aiff, caf, au }

    var samples: [Float]
    var channels = 1
    var rate = 22_050
    var encoding = Encoding.i16
    /// What the header claims the sound's bytes to be, instead of the truth.
    var declaredBytes: Int?

    func bytes(_ container: Container) -> [UInt8] {
        let little = container == .wav || container == .rf64
        let data = samples.flatMap { encode($0, little: little, signed8: !little) }
        let size = declaredBytes ?? data.count
        func le(_ value: Int, _ width: Int) -> [UInt8] {
            number(UInt64(truncatingIfNeeded: value), width, little: true)
        }
        func be(_ value: Int, _ width: Int) -> [UInt8] {
            number(UInt64(truncatingIfNeeded: value), width, little: false)
        }
        let frame = channels * encoding.bytes
        let wavFormat =
            Array("fmt ".utf8) + le(16, 4) + le(encoding.isFloat ? 3 : 1, 2) + le(channels, 2) + le(rate, 4)
            + le(rate * frame, 4)
            + le(frame, 2) + le(8 * encoding.bytes, 2)
        switch container {
        case .wav:
            return Array("RIFF".utf8) + le(36 + size, 4) + Array("WAVE".utf8) + wavFormat + Array("data".utf8)
                + le(size, 4) + data
        case .rf64:
            let sizes =
                Array("ds64".utf8) + le(28, 4) + le(72 + size, 8) + le(size, 8) + le(size / max(frame, 1), 8) + le(0, 4)
            return Array("RF64".utf8) + le(0xFFFF_FFFF, 4) + Array("WAVE".utf8) + sizes + wavFormat + Array("data".utf8)
                + le(0xFFFF_FFFF, 4) + data
        case .aiff:
            let kind: [UInt8] = encoding.isFloat ? Array((encoding == .f32 ? "fl32" : "fl64").utf8) + [0, 0] : []
            let common =
                be(channels, 2) + be(size / max(frame, 1), 4) + be(8 * encoding.bytes, 2) + extended(rate) + kind
            let body =
                Array((encoding.isFloat ? "AIFC" : "AIFF").utf8) + Array("COMM".utf8) + be(common.count, 4) + common
                + Array("SSND".utf8) + be(8 + size, 4) + be(0, 8) + data
            return Array("FORM".utf8) + be(body.count - data.count + size, 4) + body
        case .caf:
            let description =
                number(Double(rate).bitPattern, 8, little: false) + Array("lpcm".utf8) + be(encoding.isFloat ? 1 : 0, 4)
                + be(frame, 4)
                + be(1, 4) + be(channels, 4) + be(8 * encoding.bytes, 4)
            return Array("caff".utf8) + be(1, 2) + be(0, 2) + Array("desc".utf8) + be(32, 8) + description
                + Array("data".utf8)
                + be(4 + size, 8) + be(0, 4) + data
        case .au:
            let code = [Encoding.u8: 2, .i16: 3, .i24: 4, .i32: 5, .f32: 6, .f64: 7][encoding] ?? 0
            return Array(".snd".utf8) + be(24, 4) + be(size, 4) + be(code, 4) + be(rate, 4) + be(channels, 4) + data
        }
    }

    private func encode(_ sample: Float, little: Bool, signed8: Bool) -> [UInt8] {
        switch encoding {
        case .f32: return number(UInt64(sample.bitPattern), 4, little: little)
        case .f64: return number(Double(sample).bitPattern, 8, little: little)
        case .u8:
            let value = Int((sample * 127).rounded())
            return [UInt8(truncatingIfNeeded: signed8 ? value : value + 128)]
        default:
            let scale = Double(1 << (8 * encoding.bytes - 1)) - 1
            return number(UInt64(bitPattern: Int64((Double(sample) * scale).rounded())), encoding.bytes, little: little)
        }
    }

    private func number(_ value: UInt64, _ width: Int, little: Bool) -> [UInt8] {
        let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
        return little ? bytes : bytes.reversed()
    }

    /// An IEEE 80-bit number, as AIFF writes its rate.
    private func extended(_ value: Int) -> [UInt8] {
        guard value > 0 else { return [UInt8](repeating: 0, count: 10) }
        let shift = value.leadingZeroBitCount
        return number(UInt64(16_383 + 63 - shift), 2, little: false)
            + number(UInt64(value) << UInt64(shift), 8, little: false)
    }
}
