/// Writes a ZIP archive in memory; entries are stored, not compressed. Equal contents are equal bytes.
package struct ZipWriter {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// An empty archive.
    package init() {}

    /// Appends a file.
    /// - Throws: `PretrainedError.archive` for more than 65,535 files or 4 GiB, which the format does not hold.
    package mutating func add(_ name: String, _ content: [UInt8]) throws {
        let path = Array(name.utf8), offset = bytes.count
        guard content.count < 0xFFFF_FFFF, offset + content.count < 0xFFFF_0000, path.count < 0xFFFF, count < 0xFFFF
        else { throw PretrainedError.archive("`\(name)` does not fit: a ZIP archive holds at most 4 GiB") }
        // Version 2.0, names in UTF-8, stored, 1 January 1980: nothing that differs from one writing to the next.
        let common =
            Self.number(20, 2) + Self.number(1 << 11, 2) + Self.number(0, 2) + Self.number(0, 2) + Self.number(33, 2)
            + Self.number(Int(Deflate.checksum(content)), 4) + Self.number(content.count, 4)
            + Self.number(content.count, 4)
            + Self.number(path.count, 2) + Self.number(0, 2)
        bytes += Self.number(0x0403_4B50, 4) + common + path + content
        // Comment, volume, attributes of the file: a regular one that everybody may read.
        directory +=
            Self.number(0x0201_4B50, 4) + Self.number(0x0314, 2) + common + Self.number(0, 6)
            + Self.number(0o100644 << 16, 4) + Self.number(offset, 4) + path
        count += 1
    }

    /// The archive of the files added so far.
    package var archive: [UInt8] {
        bytes + directory + Self.number(0x0605_4B50, 4) + Self.number(0, 4) + Self.number(count, 2)
            + Self.number(count, 2) + Self.number(directory.count, 4) + Self.number(bytes.count, 4) + Self.number(0, 2)
    }

    private static func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
