import CZlib

/// Raw DEFLATE (RFC 1951) by zlib, and the CRC-32 of ZIP.
enum Deflate {
    /// - Parameter size: exact number of bytes expected; bounds the memory used.
    /// - Returns: nil if the stream is damaged or has another length.
    static func inflate(_ bytes: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        guard size <= Int(UInt32.max), bytes.count <= Int(UInt32.max) else { return nil }
        var stream = z_stream()
        guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: size + 1) { output, initialized in
            bytes.withUnsafeBytes { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = UInt32(bytes.count)
                stream.next_out = output.baseAddress
                // One byte more than expected, to detect streams that are too long.
                stream.avail_out = UInt32(clamping: size + 1)
                isWhole = CZlib.inflate(&stream, Z_FINISH) == Z_STREAM_END && Int(stream.total_out) == size
            }
            initialized = isWhole ? size : 0
        }
        return isWhole ? output : nil
    }

    /// CRC-32 as in ZIP.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
