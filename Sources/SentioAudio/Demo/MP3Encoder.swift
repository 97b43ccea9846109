import CLame

/// Encodes mono audio as MP3 in memory with libmp3lame: constant bit rate, with an Info header so that decoding is
/// gapless. Deterministic for a version of libmp3lame.
public enum MP3Encoder {
    /// A complete MP3 file.
    /// - Parameters:
    ///   - samples: mono, full scale ±1, clipped beyond.
    ///   - sampleRate: one of the MPEG rates, 8000 to 48,000 Hz.
    ///   - kilobitsPerSecond: one of the MPEG bit rates for that sample rate. Default 64.
    /// - Throws: `AudioError.encoding`; `AudioError.noSamples`.
    public static func encode(_ samples: [Float], sampleRate: Int, kilobitsPerSecond: Int = 64) throws -> [UInt8] {
        guard !samples.isEmpty else { throw AudioError.noSamples }
        guard let lame = lame_init() else { throw AudioError.encoding(reason: "libmp3lame cannot be initialized") }
        defer { lame_close(lame) }
        guard (8000...48_000).contains(sampleRate), (8...320).contains(kilobitsPerSecond) else {
            throw AudioError.encoding(reason: "\(sampleRate) Hz at \(kilobitsPerSecond) kbit/s is not an MP3 format")
        }
        lame_set_num_channels(lame, 1)
        lame_set_in_samplerate(lame, CInt(sampleRate))
        lame_set_out_samplerate(lame, CInt(sampleRate))
        lame_set_mode(lame, MONO)
        lame_set_brate(lame, CInt(kilobitsPerSecond))
        lame_set_quality(lame, 9)  // fastest
        lame_set_bWriteVbrTag(lame, 1)
        guard lame_init_params(lame) == 0 else {
            throw AudioError.encoding(
                reason: "libmp3lame does not support \(sampleRate) Hz at \(kilobitsPerSecond) kbit/s")
        }
        // libmp3lame's documented worst case
        let capacity = samples.count + samples.count / 4 + 7200
        var bytes: [UInt8] = []
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) { buffer in
            let written = samples.withUnsafeBufferPointer {
                lame_encode_buffer_ieee_float(
                    lame, $0.baseAddress, $0.baseAddress, CInt(samples.count), buffer.baseAddress, CInt(capacity))
            }
            guard written >= 0 else { throw AudioError.encoding(reason: "libmp3lame returned error \(written)") }
            bytes += buffer[..<Int(written)]
            let tail = lame_encode_flush(lame, buffer.baseAddress, CInt(capacity))
            guard tail >= 0 else { throw AudioError.encoding(reason: "libmp3lame returned error \(tail)") }
            bytes += buffer[..<Int(tail)]
            // The Info frame at the start is filled in now that the length is known.
            let header = lame_get_lametag_frame(lame, buffer.baseAddress, capacity)
            if header > 0, header <= bytes.count { bytes.replaceSubrange(..<header, with: buffer[..<header]) }
        }
        return bytes
    }
}
