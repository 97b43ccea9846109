/// The header of a FLAC frame (RFC 9639, section 9.1): 5 to 16 bytes, the last of them a checksum of the others.
struct FLACFrameHeader {
    /// Samples per channel.
    let blockSize: Int
    /// The number of the frame, or that of its first sample if block sizes vary.
    let number: Int
    let channels: Int
    /// In Hz; nil: as in STREAMINFO.
    let sampleRate: Int?
    /// Bits per sample; nil: as in STREAMINFO.
    let bits: Int?

    /// Indexed by code. Codes 12, 13 and 14 mean that the rate follows the block size.
    private static let rates: [Int?] = [
        nil, 88_200, 176_400, 192_000, 8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
    ]
    private static let sizes: [Int?] = [nil, 8, 12, nil, 16, 20, 24, 32]

    init?(_ fields: ByteFields, at offset: Int) {
        guard let second = fields.byte(offset + 1), fields.byte(offset) == 0xFF, second & 0xFE == 0xF8,
            let third = fields.byte(offset + 2), let fourth = fields.byte(offset + 3),
            third >> 4 != 0, third & 15 != 15, fourth >> 4 <= 10, fourth & 1 == 0, fourth >> 1 & 7 != 3
        else { return nil }
        channels = fourth >> 4 < 8 ? fourth >> 4 + 1 : 2
        bits = Self.sizes[fourth >> 1 & 7]
        var at = offset + 4
        guard let number = Self.codedNumber(fields, &at) else { return nil }
        self.number = number
        switch third >> 4 {
        case 1: blockSize = 192
        case 2...5: blockSize = 144 << (third >> 4)
        case 6:
            guard let size = fields.byte(at) else { return nil }
            blockSize = size + 1
            at += 1
        case 7:
            guard let size = fields.number(at, 2) else { return nil }
            blockSize = size + 1
            at += 2
        default: blockSize = 1 << (third >> 4)
        }
        switch third & 15 {
        case 12:
            guard let rate = fields.byte(at) else { return nil }
            sampleRate = rate * 1000
            at += 1
        case 13, 14:
            guard let rate = fields.number(at, 2) else { return nil }
            sampleRate = third & 15 == 13 ? rate : rate * 10
            at += 2
        case let code: sampleRate = Self.rates[code]
        }
        guard let checksum = fields.byte(at), Self.checksum(fields.bytes[offset..<at]) == checksum else { return nil }
    }

    /// A contradiction between STREAMINFO and this frame; nil if they agree.
    func difference(from info: FLACStreamInfo) -> (claimed: String, found: String)? {
        if let sampleRate, sampleRate != info.sampleRate { return ("\(info.sampleRate) Hz", "\(sampleRate) Hz") }
        if channels != info.channels { return (Self.text(channels: info.channels), Self.text(channels: channels)) }
        if let bits, bits != info.bits { return ("\(info.bits)-bit samples", "\(bits)-bit samples") }
        return nil
    }

    private static func text(channels: Int) -> String { channels == 1 ? "1 channel" : "\(channels) channels" }

    /// A number of up to 36 bits, coded like UTF-8.
    private static func codedNumber(_ fields: ByteFields, _ at: inout Int) -> Int? {
        guard let first = fields.byte(at) else { return nil }
        at += 1
        if first < 0x80 { return first }
        let length = (~UInt8(first)).leadingZeroBitCount
        guard (2...7).contains(length) else { return nil }
        var number = first & (0x7F >> length)
        for _ in 1..<length {
            guard let next = fields.byte(at), next & 0xC0 == 0x80 else { return nil }
            number = number << 6 | next & 0x3F
            at += 1
        }
        return number
    }

    /// CRC-8 with the polynomial x^8 + x^2 + x + 1.
    private static func checksum(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
        var crc: UInt8 = 0
        for byte in bytes {
            crc ^= byte
            for _ in 0..<8 { crc = crc & 0x80 != 0 ? crc << 1 ^ 7 : crc << 1 }
        }
        return Int(crc)
    }
}
