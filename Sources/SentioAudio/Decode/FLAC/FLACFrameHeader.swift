/// The header of a FLAC frame (RFC 9639, section 9.1): 5 to 16 bytes, the last of them a checksum of the others.
struct FLACFrameHeader {
    /// Samples a channel.
    let blockSize: Int
    /// The frame's number, or its first sample's where block sizes vary.
    let number: Int
    let channels: Int

    init?(_ fields: ByteFields, at offset: Int) {
        guard let second = fields.byte(offset + 1), fields.byte(offset) == 0xFF, second & 0xFE == 0xF8,
            let third = fields.byte(offset + 2), let fourth = fields.byte(offset + 3),
            third >> 4 != 0, third & 15 != 15, fourth >> 4 <= 10, fourth & 1 == 0, fourth >> 1 & 7 != 3
        else { return nil }
        channels = fourth >> 4 < 8 ? fourth >> 4 + 1 : 2
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
        at += third & 15 == 12 ? 1 : third & 15 > 12 ? 2 : 0
        guard let checksum = fields.byte(at), Self.checksum(fields.bytes[offset..<at]) == checksum else { return nil }
    }

    /// A number in UTF-8's manner, up to 36 bits.
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
