/// The header of an Ogg page (RFC 3533): 27 bytes and a table of segment lengths.
struct OggPage {
    let offset: Int
    let isContinued: Bool
    let isFirst: Bool
    let isLast: Bool
    /// Granule position: samples, as the codec counts them, up to the end of the last packet that ends on this page;
    /// nil if none does.
    let granule: Int?
    let serial: UInt32
    let sequence: UInt32
    let segments: Int
    let bodyBytes: Int

    var body: Int { offset + 27 + segments }
    var end: Int { body + bodyBytes }

    /// nil if no page begins here or its header extends beyond the end. Its body may.
    init?(_ fields: ByteFields, at offset: Int, end: Int) {
        guard fields.has("OggS", at: offset), offset <= end - 27, let version = fields.byte(offset + 4), version == 0,
            let flags = fields.byte(offset + 5), let granule = fields.unsigned(offset + 6, 8, little: true),
            let serial = fields.unsigned(offset + 14, 4, little: true),
            let sequence = fields.unsigned(offset + 18, 4, little: true),
            let segments = fields.byte(offset + 26), offset + 27 + segments <= end
        else { return nil }
        self.offset = offset
        isContinued = flags & 1 != 0
        isFirst = flags & 2 != 0
        isLast = flags & 4 != 0
        self.granule = granule < 1 << 62 ? Int(granule) : nil
        self.serial = UInt32(truncatingIfNeeded: serial)
        self.sequence = UInt32(truncatingIfNeeded: sequence)
        self.segments = segments
        bodyBytes = fields.bytes[(offset + 27)..<(offset + 27 + segments)].reduce(0) { $0 + Int($1) }
    }

    /// - Precondition: the page lies within the bytes.
    func hasRightChecksum(_ fields: ByteFields) -> Bool {
        fields.unsigned(offset + 22, 4, little: true)
            == UInt64(Self.checksum(UnsafeRawBufferPointer(rebasing: fields.bytes[offset..<end])))
    }

    /// The bytes of the page, marked as the last page of its stream.
    /// - Precondition: the page lies within the bytes.
    func marked(_ fields: ByteFields) -> [UInt8] {
        var page = Array(fields.bytes[offset..<end])
        if isLast { return page }
        page[5] |= 4
        let crc = page.withUnsafeBytes { Self.checksum($0) }
        for i in 0..<4 { page[22 + i] = UInt8(truncatingIfNeeded: crc >> UInt32(8 * i)) }
        return page
    }

    private static func checksum(_ page: UnsafeRawBufferPointer) -> UInt32 {
        func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: page[range]) }
        let crc = withUnsafeBytes(of: UInt32(0)) { Checksum.ogg($0, after: Checksum.ogg(part(0..<22))) }
        return Checksum.ogg(part(26..<page.count), after: crc)
    }
}
