/// Decodes Ogg: Vorbis and Opus by libsndfile, FLAC after conversion to a native FLAC file. The links of a chained file
/// are decoded one after the other; video streams are ignored.
enum OggDecoder {
    static func decode(_ bytes: UnsafeRawBufferPointer, into join: inout SoundJoin) throws {
        let scan = try OggScanner(bytes)
        join.warnings += scan.warnings
        var before = 0.0
        var lengths: [Int?] = []
        // Check all links before decoding the first: damage is an error even beyond the requested part.
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
            // Opus is decoded at the rate of the encoder's input.
            let expected = length.map { $0 * join.sampleRate / link.codec.granuleRate } ?? 0
            guard join.isFull || read >= expected - join.sampleRate / OggTiming.toleranceFraction else {
                throw AudioError.truncatedSamples(
                    foundFrames: read, declaredFrames: expected, offset: link.last.end, seconds: join.seconds)
            }
        }
    }
}
