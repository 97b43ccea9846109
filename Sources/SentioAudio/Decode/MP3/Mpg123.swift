import CMpg123
import Foundation

/// Opens libmpg123 with the settings of libsndfile's MP3 reader, so that sample counts and alignment match librosa's.
enum Mpg123 {
    private static let library: CInt = mpg123_init()

    /// The caller deletes the handle.
    /// - Throws: `AudioError.unreadable`.
    static func open(_ reader: UnsafeMutablePointer<MemoryReader>) throws -> OpaquePointer {
        _ = library
        var code: CInt = 0
        guard let handle = mpg123_new(nil, &code) else {
            throw AudioError.unreadable(
                reason: "libmpg123 cannot be initialized (\(String(cString: mpg123_plain_strerror(code))))")
        }
        let flags = MPG123_FORCE_FLOAT.rawValue | MPG123_GAPLESS.rawValue | MPG123_NO_FRANKENSTEIN.rawValue
        mpg123_param2(
            handle, CInt(MPG123_ADD_FLAGS.rawValue), CLong(flags | MPG123_QUIET.rawValue | MPG123_SKIP_ID3V2.rawValue),
            0)
        mpg123_param2(handle, CInt(MPG123_REMOVE_FLAGS.rawValue), CLong(MPG123_AUTO_RESAMPLE.rawValue), 0)
        // Loudness predicts arousal, so a ReplayGain tag must not change it.
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
}
