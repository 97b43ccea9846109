/// Decodes FLAC by libsndfile, after counting its frames, so that a total in the header that is too small hides
/// nothing.
enum FLACDecoder {
    /// - Parameter isUnwrapped: the bytes were extracted from another container, so messages give no offsets.
    static func decode(_ bytes: UnsafeRawBufferPointer, isUnwrapped: Bool = false, into join: inout SoundJoin) throws {
        let end = TrailingTags.start(bytes)
        let scan = try FLACFrameScanner(bytes, end: end)
        let rate = Double(max(1, scan.info.sampleRate))
        if let broken = scan.firstBreak {
            throw AudioError.damaged(
                reason:
                    "a frame is missing or damaged, or another stream begins there",
                offset: isUnwrapped ? nil : broken.offset, seconds: join.seconds + Double(broken.samples) / rate)
        }
        if scan.samples < scan.info.total { throw truncated(scan.samples, of: scan.info, bytes.count, join) }
        let read: Int
        do {
            if scan.info.total == scan.samples {
                read = try SndfileReader.read(bytes, limit: scan.samples, into: &join)
            } else {
                let copy = withTotal(scan.samples, bytes, end)
                read = try copy.withUnsafeBytes { try SndfileReader.read($0, limit: scan.samples, into: &join) }
            }
        } catch AudioError.damaged(let reason, _, let seconds) {
            let place = try firstDamaged(bytes, end)
            throw AudioError.damaged(
                reason: reason, offset: isUnwrapped ? nil : place?.offset,
                seconds: place.map { Double($0.samples) / rate } ?? seconds)
        }
        if !join.isFull, read < scan.samples {
            throw truncated(read, of: scan.info, bytes.count, join, declared: max(scan.samples, scan.info.total))
        }
    }

    private static func truncated(
        _ found: Int, of info: FLACStreamInfo, _ offset: Int, _ join: SoundJoin, declared: Int? = nil
    ) -> AudioError {
        .truncatedSamples(
            foundFrames: found, declaredFrames: declared ?? info.total, offset: offset,
            seconds: Double(found) / Double(max(1, info.sampleRate)))
    }

    private static func withTotal(_ total: Int, _ bytes: UnsafeRawBufferPointer, _ end: Int) -> [UInt8] {
        var copy = Array(bytes[..<end])
        let at = FLACStreamInfo.totalOffset
        copy[at] = copy[at] & 0xF0 | UInt8(truncatingIfNeeded: total >> 32) & 0x0F
        for i in 1...4 { copy[at + i] = UInt8(truncatingIfNeeded: total >> (32 - 8 * i)) }
        return copy
    }

    /// The first frame with a wrong checksum, for the error message only.
    private static func firstDamaged(_ bytes: UnsafeRawBufferPointer, _ end: Int) throws -> FLACFrameScanner.Break? {
        var last: FLACFrameScanner.Break?
        var damaged: FLACFrameScanner.Break?
        _ = try FLACFrameScanner(bytes, end: end) { offset, samples in
            if let last, !FLACFrameScanner.isFrame(bytes, last.offset..<offset) { damaged = last }
            last = FLACFrameScanner.Break(offset: offset, samples: samples)
            return damaged == nil
        }
        return damaged ?? last
    }
}
