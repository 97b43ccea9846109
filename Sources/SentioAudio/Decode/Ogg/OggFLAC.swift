/// Converts FLAC in Ogg pages (RFC 9639, section 10.1), which libsndfile does not read, to a native FLAC file.
enum OggFLAC {
    /// STREAMINFO and the frames, without other metadata.
    /// - Throws: `AudioError.damagedHeader`.
    static func native(_ stream: OggStream, _ file: UnsafeRawBufferPointer) throws -> [UInt8] {
        var native: [UInt8] = []
        var isFirst = true
        stream.forEachPacket(file) { packet in
            if isFirst {
                // 0x7F "FLAC", version (2 bytes), number of headers (2), then the start of a native file.
                for range in packet.ranges { native.append(contentsOf: file[range]) }
                native = Array(native.dropFirst(9).prefix(42))
                isFirst = false
            } else if packet.length > 0, file[packet.start] == 0xFF {
                for range in packet.ranges { native.append(contentsOf: file[range]) }
            }
            return true
        }
        guard native.count >= 42 else {
            throw AudioError.damagedHeader(reason: "the STREAMINFO block at the start of FLAC in Ogg is missing")
        }
        // Mark STREAMINFO as the last metadata block.
        native[4] |= 0x80
        return native
    }
}
