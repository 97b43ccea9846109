import CSndfile

/// Decodes bytes in memory by libsndfile.
enum SndfileReader {
    /// Reads `limit` frames, or up to the end if it is nil. Any error of libsndfile is thrown.
    /// - Parameter asserted: called before anything is read with the number of frames that libsndfile announces. If it
    ///   returns false, nothing is read and the result is nil.
    /// - Returns: the number of frames read, which is smaller if `join` is full.
    static func read(
        _ bytes: UnsafeRawBufferPointer, limit: Int? = nil, into join: inout SoundJoin, if asserted: (Int) -> Bool
    ) throws -> Int? {
        var reader = MemoryReader(bytes)
        return try withUnsafeMutablePointer(to: &reader) { reader in
            var info = SF_INFO()
            let file = try open(reader, &info)
            defer { sf_close(file) }
            guard asserted(Int(clamping: info.frames)) else { return nil }
            return try read(file, info, reader, limit: limit, into: &join)
        }
    }

    static func read(_ bytes: UnsafeRawBufferPointer, limit: Int? = nil, into join: inout SoundJoin) throws -> Int {
        try read(bytes, limit: limit, into: &join) { _ in true } ?? 0
    }

    private static func open(_ reader: UnsafeMutablePointer<MemoryReader>, _ info: inout SF_INFO) throws
        -> OpaquePointer
    {
        var io = SF_VIRTUAL_IO(
            get_filelen: {
                $0.map { sf_count_t($0.assumingMemoryBound(to: MemoryReader.self).pointee.bytes.count) } ?? 0
            },
            seek: { offset, whence, source in
                sf_count_t(
                    source?.assumingMemoryBound(to: MemoryReader.self).pointee.seek(Int(offset), whence: whence) ?? -1)
            },
            read: { target, count, source in
                guard let target, let source, count > 0 else { return 0 }
                return sf_count_t(
                    source.assumingMemoryBound(to: MemoryReader.self).pointee.read(into: target, count: Int(count)))
            },
            write: { _, _, _ in 0 },
            tell: { sf_count_t($0?.assumingMemoryBound(to: MemoryReader.self).pointee.position ?? 0) })
        guard let file = sf_open_virtual(&io, CInt(SFM_READ), &info, reader) else {
            throw AudioError.unreadable(reason: "libsndfile reports: \(reason(sf_error(nil)))")
        }
        return file
    }

    private static func read(
        _ file: OpaquePointer, _ info: SF_INFO, _ reader: UnsafeMutablePointer<MemoryReader>, limit: Int?,
        into join: inout SoundJoin
    ) throws -> Int {
        let channels = Int(info.channels)
        // Lossless codecs need about one bit per sample or more; a larger claim reserves no further memory.
        let plausible = reader.pointee.bytes.count &* 8 / max(1, channels)
        try join.begin(
            sampleRate: Int(info.samplerate), channels: channels,
            expectedFrames: max(0, min(Int(clamping: info.frames), plausible)))
        let block = 8192
        var total = 0
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: block * channels) { buffer in
            guard let start = buffer.baseAddress else { return }
            while !join.isFull {
                let wanted = min(block, (limit ?? Int.max) - total)
                guard wanted > 0 else { return }
                let frames = Int(sf_readf_float(file, start, sf_count_t(wanted)))
                let code = sf_error(file)
                guard code == 0 else {
                    throw AudioError.damaged(
                        reason: "libsndfile reports: \(reason(code))", offset: reader.pointee.position,
                        seconds: join.seconds)
                }
                if frames > 0 { try join.append(start, frames: frames) }
                total += max(0, frames)
                if frames < wanted { return }
            }
        }
        return total
    }

    private static func reason(_ code: CInt) -> String {
        var text = String(cString: sf_error_number(code))
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        return text
    }
}
