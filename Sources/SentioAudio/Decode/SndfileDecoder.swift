import CSndfile

/// WAV, AIFF, FLAC, Ogg (Vorbis, Opus), AU and CAF through libsndfile's virtual I/O on memory.
/// A file that ends before the sound its header promises does is refused as truncated (see `SoundDataCheck`).
enum SndfileDecoder {
    static func decode(_ bytes: UnsafeRawBufferPointer, _ options: AudioDecoder.Options) throws -> AudioClip {
        try SoundDataCheck.check(bytes)
        var reader = MemoryReader(bytes)
        return try withUnsafeMutablePointer(to: &reader) { try decode($0, options) }
    }

    private static func decode(
        _ reader: UnsafeMutablePointer<MemoryReader>, _ options: AudioDecoder.Options
    ) throws -> AudioClip {
        var io = SF_VIRTUAL_IO(
            get_filelen: { $0.map { sf_count_t($0.assumingMemoryBound(to: MemoryReader.self).pointee.bytes.count) } ?? 0 },
            seek: { offset, whence, source in
                sf_count_t(source?.assumingMemoryBound(to: MemoryReader.self).pointee.seek(Int(offset), whence: whence) ?? -1)
            },
            read: { target, count, source in
                guard let target, let source, count > 0 else { return 0 }
                return sf_count_t(source.assumingMemoryBound(to: MemoryReader.self).pointee.read(into: target, count: Int(count)))
            },
            write: { _, _, _ in 0 },
            tell: { sf_count_t($0?.assumingMemoryBound(to: MemoryReader.self).pointee.position ?? 0) })
        var info = SF_INFO()
        guard let file = sf_open_virtual(&io, CInt(SFM_READ), &info, reader) else {
            throw AudioError.unreadable(reason: "libsndfile says: \(reason(sf_error(nil)))")
        }
        defer { sf_close(file) }
        let (channels, sampleRate) = (Int(info.channels), Int(info.samplerate))
        guard AudioFormat.channelCounts.contains(channels), AudioFormat.sampleRates.contains(sampleRate) else {
            throw AudioError.unusableFormat(channels: channels, sampleRate: sampleRate)
        }
        // Lossless codecs hold at least one bit a sample or so; a claim beyond that reserves nothing extra.
        let plausible = reader.pointee.bytes.count &* 8 / channels
        var collector = try SampleCollector(
            options: options, sampleRate: sampleRate, channels: channels,
            expectedFrames: max(0, min(Int(clamping: info.frames), plausible)))
        let block = 8192
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: block * channels) { buffer in
            guard let start = buffer.baseAddress else { return }
            while !collector.isFull {
                let frames = Int(sf_readf_float(file, start, sf_count_t(block)))
                if frames > 0 { try collector.append(start, frames: frames) }
                if frames < block {
                    let code = sf_error(file)
                    guard code == 0 else {
                        throw AudioError.damaged(reason: "libsndfile says: \(reason(code))", offset: reader.pointee.position)
                    }
                    return try checkPromise(info, collector, at: reader.pointee.bytes.count)
                }
            }
        }
        return try collector.clip()
    }

    /// FLAC says how many frames it holds; 0, which libsndfile gives as its largest number, means that nobody knew.
    private static func checkPromise(_ info: SF_INFO, _ collector: SampleCollector, at offset: Int) throws {
        let declared = Int(clamping: info.frames)
        guard Int(info.format) & Int(SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC, declared < 1 << 36, collector.framesSeen < declared else {
            return
        }
        throw AudioError.truncatedSamples(foundFrames: collector.framesSeen, declaredFrames: declared, offset: offset)
    }

    private static func reason(_ code: CInt) -> String {
        var text = String(cString: sf_error_number(code))
        while let last = text.last, last == "." || last.isWhitespace { text.removeLast() }
        return text
    }
}
