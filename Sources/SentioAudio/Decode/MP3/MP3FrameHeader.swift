/// The four header bytes of an MPEG audio frame (ISO 11172-3, 13818-3 and the 2.5 extension).
struct MP3FrameHeader: Equatable {
    let layer: Int
    /// 0 = MPEG-1, 1 = MPEG-2, 2 = MPEG-2.5.
    let version: Int
    let sampleRate: Int
    let channels: Int
    /// Bytes in the whole frame; nil for free format, whose header does not give the length.
    let length: Int?
    /// Padding bytes in this frame.
    let padding: Int

    var samples: Int { layer == 1 ? 384 : layer == 3 && version > 0 ? 576 : 1152 }

    private static let bitRates: [[Int]] = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],  // MPEG-1 layer I
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],  // MPEG-1 layer II
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],  // MPEG-1 layer III
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],  // MPEG-2 layer I
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],  // MPEG-2 layers II and III
    ]

    init?(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard offset >= 0, offset + 4 <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] & 0xE0 == 0xE0 else {
            return nil
        }
        let (second, third, fourth) = (Int(bytes[offset + 1]), Int(bytes[offset + 2]), Int(bytes[offset + 3]))
        let layerBits = second >> 1 & 3
        let bitRateIndex = third >> 4
        let rateIndex = third >> 2 & 3
        guard layerBits != 0, bitRateIndex != 15, rateIndex != 3, fourth & 3 != 2 else { return nil }
        switch second >> 3 & 3 {
        case 3: version = 0
        case 2: version = 1
        case 0: version = 2
        default: return nil
        }
        layer = 4 - layerBits
        sampleRate = [44_100, 48_000, 32_000][rateIndex] >> version
        channels = fourth >> 6 == 3 ? 1 : 2
        padding = (third >> 1 & 1) * (layer == 1 ? 4 : 1)
        if bitRateIndex == 0 {
            length = nil
        } else {
            let row = version == 0 ? layer - 1 : layer == 1 ? 3 : 4
            let bitRate = Self.bitRates[row][bitRateIndex - 1] * 1000
            switch (layer, version) {
            case (1, _): length = 12 * bitRate / sampleRate * 4 + padding
            case (3, 1...): length = 72 * bitRate / sampleRate + padding
            default: length = 144 * bitRate / sampleRate + padding
            }
        }
    }

    /// Whether a frame with this header can follow one with `other` in the same stream.
    func continues(_ other: MP3FrameHeader) -> Bool {
        layer == other.layer && version == other.version && sampleRate == other.sampleRate && channels == other.channels
    }
}
