/// libsndfile quietly shortens a WAV file whose data chunk is cut off; this says so.
enum WAVDataCheck {
    /// Throws `AudioError.truncatedData`. Sizes of 0 and near 2^31 or 2^32 come from programs that write to a pipe and
    /// are accepted, whatever follows.
    static func check(_ bytes: UnsafeRawBufferPointer) throws {
        guard bytes.count >= 12, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else { return }
        var at = 12
        while at + 8 <= bytes.count {
            let size = (0..<4).reduce(0) { $0 | Int(bytes[at + 4 + $1]) << (8 * $1) }
            let found = bytes.count - at - 8
            if bytes[at..<(at + 4)].elementsEqual("data".utf8) {
                let isStream = size == 0 || size >= 0xFFFF_F000 || (0x7FFF_F000...0x8000_0000).contains(size)
                if !isStream, size - found > size / 100 {
                    throw AudioError.truncatedData(foundBytes: found, declaredBytes: size, offset: at + 8)
                }
                return
            }
            at += 8 + size + size % 2
        }
    }
}
