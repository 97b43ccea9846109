/// A picture of at most 16 colours as a PNG (ISO 15948), four bits a pixel, not compressed: no library needed, and the same
/// bytes everywhere.
struct PNGImage {
    let width: Int
    let height: Int
    /// Indices into the colours, row after row from the top.
    var pixels: [UInt8]
    /// Red, green, blue.
    let colours: [(UInt8, UInt8, UInt8)]

    /// - precondition: 1 to 16 colours.
    init(width: Int, height: Int, colours: [(UInt8, UInt8, UInt8)]) {
        precondition(width > 0 && height > 0 && (1...16).contains(colours.count))
        (self.width, self.height, self.colours) = (width, height, colours)
        pixels = [UInt8](repeating: 0, count: width * height)
    }

    var bytes: [UInt8] {
        var out: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        // Four bits a pixel, by palette, no interlacing.
        Self.chunk("IHDR", Self.number(width) + Self.number(height) + [4, 3, 0, 0, 0], into: &out)
        Self.chunk("PLTE", colours.flatMap { [$0.0, $0.1, $0.2] }, into: &out)
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (width / 2 + 2))
        for row in 0..<height {
            rows.append(0)
            for column in stride(from: 0, to: width, by: 2) {
                let second = column + 1 < width ? pixels[row * width + column + 1] : 0
                rows.append(pixels[row * width + column] << 4 | second & 15)
            }
        }
        Self.chunk("IDAT", Self.zlib(rows), into: &out)
        Self.chunk("IEND", [], into: &out)
        return out
    }

    private static func number(_ value: Int) -> [UInt8] { (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    private static func chunk(_ type: String, _ content: [UInt8], into out: inout [UInt8]) {
        let body = Array(type.utf8) + content
        out += number(content.count) + body + number(Int(checksum(body)))
    }

    /// Stored blocks of RFC 1951 in the frame of RFC 1950.
    private static func zlib(_ content: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let count = min(65_535, content.count - start), isLast = start + count == content.count
            out += [isLast ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255)]
            out += content[start..<start + count]
            start += count
        } while start < content.count
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in content {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return out + number(Int(b << 16 | a))
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    /// CRC-32.
    private static func checksum(_ content: [UInt8]) -> UInt32 {
        ~content.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }
}
