/// A ZIP archive in memory, such as a Python wheel.
///
/// Supports stored and deflated entries. Features that wheels do not use are refused: encryption, several volumes,
/// ZIP64. All sizes are checked against the archive and `entryLimit` before memory is allocated, and contents against
/// their CRC-32.
package struct ZipArchive {
    package struct Entry: Equatable {
        package let name: String
        let method: Int
        let checksum: UInt32
        let packed: Int
        package let size: Int
        /// Offset of the local header.
        let offset: Int
    }

    static let entryCountLimit = 10_000
    package static let entryLimit = 64 << 20

    package let entries: [Entry]
    private let sizeLimit: Int
    private let bytes: [UInt8]

    /// - Parameter limit: the most bytes that a file of it may have.
    /// - Throws: `PretrainedError.archive`.
    package init(_ bytes: [UInt8], limit: Int = entryLimit) throws {
        self.bytes = bytes
        sizeLimit = limit
        let file = LittleEndian(bytes[...])
        guard let end = Self.end(of: file), let count = file.number(at: end + 10, 2),
            let start = file.number(at: end + 16, 4)
        else {
            throw PretrainedError.archive("it is not a ZIP archive, or its end is missing")
        }
        guard file.number(at: end + 4, 2) == 0, file.number(at: end + 6, 2) == 0, file.number(at: end + 8, 2) == count,
            count <= Self.entryCountLimit, start < 0xFFFF_FFFF
        else {
            throw PretrainedError.archive(
                "several volumes, ZIP64 and more than 10,000 files are not supported")
        }
        var entries: [Entry] = [], at = start
        for number in 0..<count {
            guard let (entry, next) = Self.entry(file, at: at) else {
                throw PretrainedError.archive(
                    "its central directory is damaged at file \(number + 1) of \(count), byte \(at)")
            }
            entries.append(entry)
            at = next
        }
        self.entries = entries
    }

    /// The contents of a file.
    /// - Throws: `PretrainedError.archive`, naming the file.
    package func read(_ name: String) throws -> [UInt8] {
        func bad(_ reason: String) -> PretrainedError { .archive("`\(name)` \(reason)") }
        guard let entry = entries.first(where: { $0.name == name }) else { throw bad("is not in it") }
        guard entry.size <= sizeLimit else {
            throw bad("declares \(entry.size) bytes, more than the limit of \(sizeLimit)")
        }
        let file = LittleEndian(bytes[...])
        guard file.number(at: entry.offset, 4) == 0x0403_4B50, let flags = file.number(at: entry.offset + 6, 2),
            let nameLength = file.number(at: entry.offset + 26, 2), let extra = file.number(at: entry.offset + 28, 2),
            let packed = file.slice(at: entry.offset + 30 + nameLength + extra, entry.packed)
        else { throw bad("extends beyond its end") }
        guard flags & 1 == 0 else { throw bad("is encrypted") }
        let content: [UInt8]? =
            switch entry.method {
            case 0: packed.count == entry.size ? Array(packed) : nil
            case 8: Deflate.inflate(packed, size: entry.size)
            default: throw bad("uses compression method \(entry.method); only stored and deflated files are supported")
            }
        guard let content, Deflate.checksum(content) == entry.checksum else { throw bad("is damaged") }
        return content
    }

    /// The offset of the end-of-central-directory record, which a comment of at most 65,535 bytes may follow.
    private static func end(of file: LittleEndian) -> Int? {
        var at = file.bytes.count - 22
        let first = max(0, at - 0xFFFF)
        while at >= first {
            if file.number(at: at, 4) == 0x0605_4B50 { return at }
            at -= 1
        }
        return nil
    }

    private static func entry(_ file: LittleEndian, at: Int) -> (Entry, next: Int)? {
        guard file.number(at: at, 4) == 0x0201_4B50, let method = file.number(at: at + 10, 2),
            let checksum = file.number(at: at + 16, 4),
            let packed = file.number(at: at + 20, 4), let size = file.number(at: at + 24, 4),
            let nameLength = file.number(at: at + 28, 2), let extra = file.number(at: at + 30, 2),
            let comment = file.number(at: at + 32, 2), let offset = file.number(at: at + 42, 4),
            let name = file.slice(at: at + 46, nameLength)
        else { return nil }
        let entry = Entry(
            name: String(decoding: name, as: UTF8.self), method: method, checksum: UInt32(checksum), packed: packed,
            size: size,
            offset: offset)
        return (entry, at + 46 + nameLength + extra + comment)
    }
}
