import CAudioKernels

/// The checksums of FLAC frames and Ogg pages: most significant bit first, initial value 0.
enum Checksum {
    /// CRC-16 of a FLAC frame (x^16 + x^15 + x^2 + 1). A whole frame, with its checksum at the end, gives 0.
    static func flac(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        bytes.baseAddress.map { audio_crc16($0, Int64(bytes.count), flacTable) } ?? 0
    }

    /// CRC-32 of an Ogg page (polynomial 0x04C11DB7). The four bytes of the checksum itself count as 0.
    static func ogg(_ bytes: UnsafeRawBufferPointer, after crc: UInt32 = 0) -> UInt32 {
        bytes.baseAddress.map { audio_crc32($0, Int64(bytes.count), crc, oggTables) } ?? crc
    }

    private static let flacTable: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index) << 8) { crc, _ in crc & 0x8000 != 0 ? crc << 1 ^ 0x8005 : crc << 1 }
    }

    /// Eight tables of 256 for slicing-by-8: the effect of a byte on the checksum 0 to 7 bytes later.
    private static let oggTables: [UInt32] = {
        var tables: [UInt32] = (0..<256).map { index in
            (0..<8).reduce(UInt32(index) << 24) { crc, _ in crc & 0x8000_0000 != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1 }
        }
        for at in 256..<2048 {
            let before = tables[at - 256]
            tables.append(before << 8 ^ tables[Int(before >> 24)])
        }
        return tables
    }()
}
