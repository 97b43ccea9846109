import Foundation

/// Scans the frame headers of a FLAC file without decoding. It counts the samples, whatever total STREAMINFO gives, and
/// finds the first missing frame. libFLAC checks the contents of the frames.
///
/// Frames do not give their length, and audio data look like a valid header with probability 2^-15 per byte. Therefore
/// the next frame must also have the next number. Linear time, constant memory.
struct FLACFrameScanner {
    struct Break: Equatable {
        let offset: Int
        /// Samples per channel before the break.
        let samples: Int
    }

    let info: FLACStreamInfo
    private(set) var frames = 0
    /// Samples per channel in the consecutive frames from the first.
    private(set) var samples = 0
    /// The first frame that does not continue the sequence: one before it is missing, or another stream begins.
    private(set) var firstBreak: Break?
    private var firstNumber = 0
    /// A header with an unexpected number or format.
    private var rival: (header: FLACFrameHeader, offset: Int)?

    /// - Parameters:
    ///   - end: upper bound of the end of the audio; tags may follow.
    ///   - found: called with the offset of each frame and the samples before it; returns false to stop.
    /// - Throws: `AudioError.damaged` if no frame follows the metadata; `AudioError.damagedHeader` if STREAMINFO
    ///   contradicts the frames, because a wrong rate would give a wrong length.
    init(_ bytes: UnsafeRawBufferPointer, end: Int, each found: ((Int, Int) -> Bool)? = nil) throws {
        let fields = ByteFields(bytes)
        info = try FLACStreamInfo(fields, end: end)
        guard info.firstFrame < end else { return }
        guard let first = FLACFrameHeader(fields, at: info.firstFrame) else {
            throw AudioError.damaged(reason: "the first frame's header is damaged", offset: info.firstFrame, seconds: 0)
        }
        if let difference = first.difference(from: info) {
            throw AudioError.damagedHeader(
                reason: "STREAMINFO says \(difference.claimed), but the first frame says \(difference.found)")
        }
        var at = info.firstFrame
        while let next = Self.nextMark(bytes, from: at, to: end) {
            at = next + 1
            guard let header = FLACFrameHeader(fields, at: next) else { continue }
            if frames == 0 { firstNumber = header.number }
            let isNext = header.number - firstNumber == frames || header.number - firstNumber == samples
            let isAfterRival =
                rival.map { [$0.header.number + 1, $0.header.number + $0.header.blockSize].contains(header.number) }
                ?? false
            if isNext, header.difference(from: info) == nil {
                if let rival, Self.isFrame(bytes, rival.offset..<next) {
                    firstBreak = Break(offset: rival.offset, samples: samples)
                }
                rival = nil
                if let found, !found(next, samples) { return }
                frames += 1
                samples += header.blockSize
            } else if let rival, isAfterRival {
                firstBreak = Break(offset: rival.offset, samples: samples)
            } else if isNext || header.channels == info.channels {
                rival = (header, next)
            }
            if firstBreak != nil { return }
        }
        if let rival, Self.isFrame(bytes, rival.offset..<end) {
            firstBreak = Break(offset: rival.offset, samples: samples)
        }
    }

    private static func nextMark(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int? {
        guard start < end, let base = bytes.baseAddress, let hit = memchr(base + start, 0xFF, end - start) else {
            return nil
        }
        return UnsafeRawPointer(hit) - base
    }

    /// Whether the bytes end with their own checksum, as a frame does.
    static func isFrame(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        Checksum.flac(UnsafeRawBufferPointer(rebasing: bytes[range])) == 0
    }
}
