/// An image of at most 256 colors as an uncompressed PNG (ISO 15948). It needs no library, and its bytes are the same
/// on every machine.
public struct PNGImage: Sendable {
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// Row-major indices into `colours`, from the top.
    public var pixels: [UInt8]
    /// The palette: red, green, blue.
    public let colours: [(UInt8, UInt8, UInt8)]

    /// An image filled with the first color.
    /// - Precondition: the size is positive and there are 1 to 256 colors.
    public init(width: Int, height: Int, colours: [(UInt8, UInt8, UInt8)]) {
        precondition(
            width > 0 && height > 0 && (1...256).contains(colours.count),
            "An image has a positive size and 1 to 256 colors.")
        (self.width, self.height, self.colours) = (width, height, colours)
        pixels = [UInt8](repeating: 0, count: width * height)
    }

    /// The whole file, with 4 bits per pixel for at most 16 colors, otherwise 8.
    public var bytes: [UInt8] {
        precondition(pixels.count == width * height, "An image of \(width) x \(height) needs that many pixels.")
        var out: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let bits: UInt8 = colours.count > 16 ? 8 : 4
        // Color type 3 (palette), no interlacing.
        Self.chunk("IHDR", Self.number(width) + Self.number(height) + [bits, 3, 0, 0, 0], into: &out)
        Self.chunk("PLTE", colours.flatMap { [$0.0, $0.1, $0.2] }, into: &out)
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (width + 1))
        for row in 0..<height {
            rows.append(0)
            let line = pixels[row * width..<(row + 1) * width]
            if bits == 8 {
                rows += line
            } else {
                for place in stride(from: line.startIndex, to: line.endIndex, by: 2) {
                    rows.append(line[place] << 4 | (place + 1 < line.endIndex ? line[place + 1] & 15 : 0))
                }
            }
        }
        Self.chunk("IDAT", Self.zlib(rows), into: &out)
        Self.chunk("IEND", [], into: &out)
        return out
    }

    private static func number(_ value: Int) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func chunk(_ type: String, _ content: [UInt8], into out: inout [UInt8]) {
        let body = Array(type.utf8) + content
        out += number(content.count) + body + number(Int(CRC32.ieee.checksum(body[...])))
    }

    /// Stored (uncompressed) blocks of RFC 1951 in the format of RFC 1950.
    private static func zlib(_ content: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let count = min(65_535, content.count - start), isLast = start + count == content.count
            out += [
                isLast ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255),
            ]
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
}
