/// Which part of a sound is wanted, turned into frames once the file's own rate is known.
struct DecodeRange {
    let options: AudioDecoder.Options

    /// Frames to leave out (`int(offset * sr)`, as librosa).
    func firstFrame(sampleRate: Int) -> Int { Int(options.offset * Double(sampleRate)) }

    /// The most frames to keep, and whether more than that is an error rather than the end asked for.
    func frameLimit(sampleRate: Int) -> (frames: Int, isError: Bool) {
        let most = Int(options.maximumSeconds * Double(sampleRate))
        guard let duration = options.duration else { return (most, true) }
        let wanted = Int(duration * Double(sampleRate))
        return wanted <= most ? (wanted, false) : (most, true)
    }
}
