/// Writes a picture of up to 256 colours as PNG. Uncompressed inside (stored blocks of deflate): pictures here are small, and
/// a compressor would be a dependency.
enum PNGPicture {
    /// - parameters:
    ///   - pixels: rows from the top, one palette index each.
    ///   - palette: 1 to 256 colours.
    /// - precondition: as many pixels as width × height, indices within the palette.
    static func bytes(width: Int, height: Int, pixels: [UInt8], palette: [(red: UInt8, green: UInt8, blue: UInt8)]) -> [UInt8] {
        precondition(pixels.count == width * height && width > 0 && height > 0, "A picture of \(width) × \(height) needs that many pixels.")
        precondition((1...256).contains(palette.count), "A palette has 1 to 256 colours.")
        var out: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        chunk("IHDR", word(width) + word(height) + [8, 3, 0, 0, 0], &out)
        chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] }, &out)
        var raw: [UInt8] = []
        raw.reserveCapacity((width + 1) * height)
        for row in 0..<height {
            raw.append(0)
            raw += pixels[row * width..<(row + 1) * width]
        }
        chunk("IDAT", zlib(raw), &out)
        chunk("IEND", [], &out)
        return out
    }

    private static func zlib(_ raw: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: raw.count, by: 65_535) {
            let part = raw[start..<min(start + 65_535, raw.count)], count = UInt16(part.count)
            out.append(start + part.count == raw.count ? 1 : 0)
            out += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
            out += part
        }
        var a: UInt32 = 1, b: UInt32 = 0
        for byte in raw {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return out + word(Int(b << 16 | a))
    }

    private static func chunk(_ name: String, _ content: [UInt8], _ out: inout [UInt8]) {
        let body = Array(name.utf8) + content
        out += word(content.count) + body + word(Int(checksum(body)))
    }

    private static func word(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 255)] ^ ($0 >> 8) }
    }
}
