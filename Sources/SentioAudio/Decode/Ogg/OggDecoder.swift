/// Ogg: Vorbis and Opus through libsndfile, FLAC by way of a native file; the links of a chain one after another, the
/// sound alone where video lies beside it.
enum OggDecoder {
    static func decode(_ bytes: UnsafeRawBufferPointer, into join: inout SoundJoin) throws {
        let scan = try OggScanner(bytes)
        join.warnings += scan.warnings
        var before = 0.0
        var lengths: [Int?] = []
        // all of them before the first is decoded: damage refuses the file even where a part before it was asked for
        for link in scan.links {
            lengths.append(try OggTiming(link, bytes, after: before).samples)
            before += link.seconds
        }
        for (link, length) in zip(scan.links, lengths) where !join.isFull {
            if case .flac = link.codec {
                try OggFLAC.native(link, bytes).withUnsafeBytes {
                    try FLACDecoder.decode($0, isUnwrapped: true, into: &join)
                }
                continue
            }
            let read = try link.withBytes(bytes) { try SndfileReader.read($0, into: &join) }
            // Opus is decoded at the rate its encoder was given
            let expected = length.map { $0 * join.sampleRate / link.codec.granuleRate } ?? 0
            guard join.isFull || read >= expected - join.sampleRate / OggTiming.toleranceFraction else {
                throw AudioError.truncatedSamples(
                    foundFrames: read, declaredFrames: expected, offset: link.last.end, seconds: join.seconds)
            }
        }
    }
}
