import CMpg123
import Foundation

/// Decodes MP3 by libmpg123 from memory, after `MP3FrameScanner` has located the frames.
///
/// - If the frame count in a Xing, Info or VBRI header is too large, the file is an error: by any number if the last
///   frame is truncated or bytes lie between frames, otherwise by more than three. Up to three give a warning, because
///   some writers count one or two too many.
/// - A count that is too small, or 0, is corrected, and all frames are decoded.
/// - Concatenated files are decoded one after the other, each without its own delay and padding.
/// - A change of the sample rate or the channels is an error.
enum MP3Decoder {
    static let framesOfTolerance = 3

    static func decode(_ bytes: UnsafeRawBufferPointer, into join: inout SoundJoin) throws {
        let scan = try MP3FrameScanner(bytes)
        guard scan.tracks.contains(where: { $0.frames > 0 }) else { throw AudioError.noFrames(bytes: bytes.count) }
        try check(scan, bytes, &join.warnings)
        for track in scan.tracks where !join.isFull {
            let isWholeFile = scan.tracks.count == 1 && track.runs.count == 1 && !track.hasWrongCount
            if isWholeFile {
                try decode(bytes, track, into: &join)
            } else if track.frames > 0 {
                try track.rebuilt(bytes).withUnsafeBytes { try decode($0, track, into: &join) }
            }
        }
    }

    private static func check(
        _ scan: MP3FrameScanner, _ bytes: UnsafeRawBufferPointer, _ warnings: inout [AudioWarning]
    ) throws {
        let fields = ByteFields(bytes)
        let first = scan.tracks[0].first
        if scan.junkBefore.count >= first.length ?? 1, !fields.isZero(scan.junkBefore) {
            warnings.append(.skippedBytes(count: scan.junkBefore.count, offset: scan.junkBefore.lowerBound, seconds: 0))
        }
        var before = 0.0
        for (index, track) in scan.tracks.enumerated() {
            if !track.first.continues(first) {
                throw AudioError.formatChanges(from: first.format, to: track.first.format, seconds: before)
            }
            let end = index == scan.tracks.count - 1 ? bytes.count : track.runs.last?.upperBound ?? bytes.count
            try check(track, end: end, after: before, &warnings)
            before += track.seconds
        }
        let isComplete = scan.tracks.last?.isComplete ?? false
        if scan.junkBehind.count >= 4, !isComplete, !fields.isZero(scan.junkBehind) {
            warnings.append(
                .skippedBytes(count: scan.junkBehind.count, offset: scan.junkBehind.lowerBound, seconds: before))
        }
    }

    private static func check(_ track: MP3Track, end: Int, after before: Double, _ warnings: inout [AudioWarning])
        throws
    {
        if let missing = track.missingFrames, missing > 0, let declared = track.info?.declaredFrames {
            let place = track.gaps.first.map {
                (offset: $0.range.lowerBound, seconds: before + track.seconds($0.frames))
            }
            if let place {
                throw AudioError.damaged(
                    reason:
                        "the frames are interrupted there, and \(missing) of the \(declared) frames that the header "
                        + "declares are missing",
                    offset: place.offset, seconds: place.seconds)
            }
            let error = AudioError.truncated(
                foundFrames: track.frames, declaredFrames: declared, offset: end, seconds: before + track.seconds)
            if missing > framesOfTolerance || track.cutOffFrame != nil { throw error }
            // Some writers count the Info frame too; then the number of bytes is right.
            if (track.missingBytes ?? 1) > 0 {
                warnings.append(.fewerFrames(found: track.frames, declared: declared, seconds: before + track.seconds))
            }
        } else if track.missingFrames == nil, let missing = track.missingBytes,
            let declared = track.info?.declaredBytes,
            missing >= track.first.length ?? 1
        {
            throw AudioError.truncatedData(
                foundBytes: declared - missing, declaredBytes: declared, offset: track.runs.first?.lowerBound ?? 0,
                seconds: before + track.seconds)
        }
        for gap in track.gaps {
            let seconds = before + track.seconds(gap.frames)
            guard track.isComplete else {
                throw AudioError.damaged(
                    reason: "\(gap.range.count) bytes there are neither a frame nor a tag, so audio is missing",
                    offset: gap.range.lowerBound,
                    seconds: seconds)
            }
            warnings.append(.skippedBytes(count: gap.range.count, offset: gap.range.lowerBound, seconds: seconds))
        }
        if let cut = track.cutOffFrame, !track.isComplete {
            warnings.append(.lastFrameCutOff(offset: cut, seconds: before + track.seconds))
        }
    }

    private static func decode(_ bytes: UnsafeRawBufferPointer, _ track: MP3Track, into join: inout SoundJoin) throws {
        var reader = MemoryReader(bytes)
        try withUnsafeMutablePointer(to: &reader) { reader in
            let handle = try Mpg123.open(reader)
            defer { mpg123_delete(handle) }
            try read(handle, track, into: &join)
        }
    }

    private static func read(_ handle: OpaquePointer, _ track: MP3Track, into join: inout SoundJoin) throws {
        let start = track.runs.first?.lowerBound ?? 0
        var rate: CLong = 0
        var channels: CInt = 0
        var encoding: CInt = 0
        guard mpg123_getformat(handle, &rate, &channels, &encoding) == MPG123_OK.rawValue else {
            throw AudioError.damaged(
                reason: String(cString: mpg123_strerror(handle)), offset: start, seconds: join.seconds)
        }
        guard (1...2).contains(channels), encoding == MPG123_ENC_FLOAT_32.rawValue else {
            throw AudioError.unusableFormat(channels: Int(channels), sampleRate: Int(rate))
        }
        try join.begin(
            sampleRate: Int(rate), channels: Int(channels), expectedFrames: (track.frames + 2) * track.first.samples)
        let before = join.framesSeen
        while !join.isFull {
            var number: off_t = 0
            var audio: UnsafeMutablePointer<UInt8>?
            var count = 0
            let status = mpg123_decode_frame(handle, &number, &audio, &count)
            if let audio, count > 0 {
                let frames = count / MemoryLayout<Float>.size / Int(channels)
                try audio.withMemoryRebound(to: Float.self, capacity: frames * Int(channels)) {
                    try join.append($0, frames: frames)
                }
            }
            switch status {
            case MPG123_OK.rawValue: continue
            case MPG123_NEW_FORMAT.rawValue where join.framesSeen == before: continue
            default:
                // Whatever follows the last frame (an unknown tag, zeros) is harmless.
                if join.framesSeen - before >= track.leastSamples { return }
                let reason =
                    status == MPG123_DONE.rawValue
                    ? "libmpg123 finds no further frame" : String(cString: mpg123_strerror(handle))
                throw AudioError.damaged(
                    reason: reason, offset: start + Int(mpg123_tell_stream(handle)), seconds: join.seconds)
            }
        }
    }
}

extension MP3FrameHeader {
    var format: AudioError.Format { AudioError.Format(sampleRate: sampleRate, channels: channels) }
}
