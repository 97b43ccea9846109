/// Decodes WAV, RF64, AIFF, CAF and AU by libsndfile, after checking their headers against the bytes present.
enum SampleContainerDecoder {
    static func decode(_ bytes: UnsafeRawBufferPointer, into join: inout SoundJoin) throws {
        guard let container = try SampleContainers.container(bytes) else {
            return try decodeUnknown(bytes, into: &join)
        }
        let layout = container.layout
        join.warnings += try SampleContainerCheck.check(layout, bytes)
        var announced = 0
        var read: Int?
        if !layout.needsRebuilding {
            read = try SndfileReader.read(bytes, into: &join) { frames in
                announced = frames
                return layout.foundFrames.map { $0 == frames } ?? true
            }
        }
        if read == nil {
            let copy = try container.rebuilt(bytes, layout.pieces)
            read = try copy.withUnsafeBytes { bytes in
                try SndfileReader.read(bytes, into: &join) { frames in
                    announced = frames
                    return true
                }
            }
        }
        try checkCount(read ?? 0, expected: layout.foundFrames ?? announced, bytes, join)
    }

    /// Decodes a container that only libsndfile knows.
    private static func decodeUnknown(_ bytes: UnsafeRawBufferPointer, into join: inout SoundJoin) throws {
        var announced = 0
        let read = try SndfileReader.read(bytes, into: &join) { frames in
            announced = frames
            return true
        }
        try checkCount(read ?? 0, expected: announced, bytes, join)
    }

    private static func checkCount(_ read: Int, expected: Int, _ bytes: UnsafeRawBufferPointer, _ join: SoundJoin)
        throws
    {
        guard !join.isFull, read < expected else { return }
        throw AudioError.truncatedSamples(
            foundFrames: read, declaredFrames: expected, offset: bytes.count, seconds: join.seconds)
    }
}
