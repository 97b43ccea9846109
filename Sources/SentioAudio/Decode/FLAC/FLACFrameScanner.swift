import Foundation

/// Follows the frames of a FLAC file by their headers, without decoding: how many samples there are, whatever the total
/// in STREAMINFO says, and where the first frame is missing. libFLAC checks what is in the frames.
///
/// Frames do not say how long they are. What has a header's form and checksum is one with a chance of 2^-15 a byte to
/// be mere sound, so the next frame is the one that also has the next number. Complexity: linear. Memory: none.
struct FLACFrameScanner {
    struct Break: Equatable {
        let offset: Int
        /// Where the sound breaks: samples a channel before it.
        let samples: Int
    }

    let info: FLACStreamInfo
    private(set) var frames = 0
    /// Samples a channel in frames that follow one another from the first.
    private(set) var samples = 0
    /// Frames that belong to no unbroken sequence: one before them is missing, or another sound begins.
    private(set) var firstBreak: Break?
    private var firstNumber = 0
    /// A header with another number than the next, or of another kind of sound.
    private var rival: (header: FLACFrameHeader, offset: Int)?

    /// - Parameter end: where the sound ends at the latest (tags may follow).
    /// - Parameter found: called with the offset and the samples before each frame; returns false to stop.
    /// Throws `AudioError.damaged` where no frame follows the metadata, and `AudioError.damagedHeader` where STREAMINFO
    /// is not of these frames: a wrong rate would be a wrong length.
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
