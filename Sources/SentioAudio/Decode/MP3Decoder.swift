import CMpg123
import Foundation

/// MP3 through libmpg123, reading from memory.
///
/// A file is refused as truncated when its Xing/Info/VBRI header promises more frames than are there: any, if the last
/// frame is cut off, else more than three (some writers count one or two too many). Without such a header a cut-off
/// last frame is dropped silently, as librosa does: nothing tells it from a song cut on purpose.
/// An error of libmpg123 in the middle of the stream is an error here; one behind the last frame is not.
enum MP3Decoder {
    static let framesOfTolerance = 3

    static func decode(_ bytes: UnsafeRawBufferPointer, _ options: AudioDecoder.Options) throws -> AudioClip {
        let scan = try MP3FrameScanner(bytes)
        guard let first = scan.first else { throw AudioError.noFrames(bytes: bytes.count) }
        if scan.isCountable {
            guard scan.frames > 0 else { throw AudioError.noFrames(bytes: bytes.count) }
            if let declared = scan.declaredFrames,
                scan.frames < declared - framesOfTolerance || scan.lastFrameIsCutOff && scan.frames < declared
            {
                throw AudioError.truncated(foundFrames: scan.frames, declaredFrames: declared, offset: bytes.count)
            }
        }
        var reader = MemoryReader(bytes)
        return try withUnsafeMutablePointer(to: &reader) { reader in
            let handle = try open(reader)
            defer { mpg123_delete(handle) }
            return try read(handle, scan: scan, first: first, options)
        }
    }

    private static let library: CInt = mpg123_init()

    private static func open(_ reader: UnsafeMutablePointer<MemoryReader>) throws -> OpaquePointer {
        _ = library
        var code: CInt = 0
        guard let handle = mpg123_new(nil, &code) else {
            throw AudioError.unreadable(reason: "libmpg123 cannot start (\(String(cString: mpg123_plain_strerror(code))))")
        }
        // The settings of libsndfile's MP3 reader, so that sample counts and alignment are librosa's.
        let flags = MPG123_FORCE_FLOAT.rawValue | MPG123_GAPLESS.rawValue | MPG123_NO_FRANKENSTEIN.rawValue
        mpg123_param2(handle, CInt(MPG123_ADD_FLAGS.rawValue), CLong(flags | MPG123_QUIET.rawValue | MPG123_SKIP_ID3V2.rawValue), 0)
        mpg123_param2(handle, CInt(MPG123_REMOVE_FLAGS.rawValue), CLong(MPG123_AUTO_RESAMPLE.rawValue), 0)
        // Loudness is a cue of arousal: what a ReplayGain tag recommends must not change it.
        mpg123_param2(handle, CInt(MPG123_RVA.rawValue), CLong(MPG123_RVA_OFF.rawValue), 0)
        mpg123_replace_reader_handle(
            handle,
            { source, target, count in
                guard let source, let target else { return -1 }
                return source.assumingMemoryBound(to: MemoryReader.self).pointee.read(into: target, count: count)
            },
            { source, offset, whence in
                source?.assumingMemoryBound(to: MemoryReader.self).pointee.seek(Int(offset), whence: whence) ?? -1
            },
            nil)
        guard mpg123_open_handle(handle, reader) == MPG123_OK.rawValue else {
            defer { mpg123_delete(handle) }
            throw AudioError.unreadable(reason: String(cString: mpg123_strerror(handle)))
        }
        return handle
    }

    private static func read(
        _ handle: OpaquePointer, scan: MP3FrameScanner, first: MP3FrameHeader, _ options: AudioDecoder.Options
    ) throws -> AudioClip {
        var rate: CLong = 0
        var channels: CInt = 0
        var encoding: CInt = 0
        guard mpg123_getformat(handle, &rate, &channels, &encoding) == MPG123_OK.rawValue else {
            throw AudioError.damaged(reason: String(cString: mpg123_strerror(handle)), offset: scan.start)
        }
        let sampleRate = Int(rate)
        guard AudioFormat.sampleRates.contains(sampleRate), (1...2).contains(Int(channels)),
            encoding == MPG123_ENC_FLOAT_32.rawValue
        else { throw AudioError.unusableFormat(channels: Int(channels), sampleRate: sampleRate) }

        var collector = try SampleCollector(
            options: options, sampleRate: sampleRate, channels: Int(channels),
            expectedFrames: (scan.frames + 2) * first.samples)
        while !collector.isFull {
            var number: off_t = 0
            var audio: UnsafeMutablePointer<UInt8>?
            var count = 0
            let status = mpg123_decode_frame(handle, &number, &audio, &count)
            if let audio, count > 0 {
                let frames = count / MemoryLayout<Float>.size / Int(channels)
                try audio.withMemoryRebound(to: Float.self, capacity: frames * Int(channels)) {
                    try collector.append($0, frames: frames)
                }
            }
            switch status {
            case MPG123_OK.rawValue: continue
            case MPG123_DONE.rawValue: return try finish(&collector, scan)
            case MPG123_NEW_FORMAT.rawValue:
                guard collector.framesSeen > 0 else { continue }
                throw AudioError.damaged(reason: "the stream changes its format", offset: Int(mpg123_tell_stream(handle)))
            default:
                // What follows the last frame (an unknown tag, zeros) is no harm.
                let wholeness = (scan.frames - framesOfTolerance - 1) * first.samples
                if scan.isCountable, collector.framesSeen >= wholeness { return try finish(&collector, scan) }
                throw AudioError.damaged(
                    reason: String(cString: mpg123_strerror(handle)), offset: Int(mpg123_tell_stream(handle)))
            }
        }
        return try collector.clip()
    }

    private static func finish(_ collector: inout SampleCollector, _ scan: MP3FrameScanner) throws -> AudioClip {
        guard collector.framesSeen > 0 else { throw AudioError.noFrames(bytes: scan.start) }
        return try collector.clip()
    }
}
