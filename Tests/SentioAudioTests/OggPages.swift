/// Takes an Ogg file apart into its pages and makes pages valid again after a change.
struct OggPages {
    var pages: [[UInt8]] = []

    init(_ file: [UInt8]) {
        var at = 0
        while at + 27 <= file.count {
            let count = Int(file[at + 26])
            let length = 27 + count + file[(at + 27)..<(at + 27 + count)].reduce(0) { $0 + Int($1) }
            pages.append(Array(file[at..<at + length]))
            at += length
        }
    }

    var bytes: [UInt8] { Array(pages.joined()) }

    mutating func set(_ page: Int, sequence: Int? = nil, serial: UInt8? = nil, granule: Int? = nil, flags: UInt8? = nil)
    {
        func write(_ value: Int, at: Int, width: Int) {
            for i in 0..<width { pages[page][at + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
        }
        if let flags { pages[page][5] = flags }
        if let granule { write(granule, at: 6, width: 8) }
        if let serial { pages[page][14] = serial }
        if let sequence { write(sequence, at: 18, width: 4) }
        write(0, at: 22, width: 4)
        write(Int(Self.checksum(pages[page])), at: 22, width: 4)
    }

    func granule(_ page: Int) -> Int { (0..<8).reduce(0) { $0 | Int(pages[page][6 + $1]) << (8 * $1) } }

    /// Bit by bit, as RFC 3533 describes it.
    private static func checksum(_ page: [UInt8]) -> UInt32 {
        page.reduce(0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte) << 24) { crc, _ in
                crc & 0x8000_0000 != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1
            }
        }
    }
}
