/// Joins the parts of one file: the tracks of an MP3, the links of an Ogg file. Most files have a single part.
struct SoundJoin {
    let options: AudioDecoder.Options
    var warnings: [AudioWarning] = []
    private var collector: SampleCollector?
    private var format: AudioError.Format?

    init(_ options: AudioDecoder.Options) { self.options = options }

    /// Frames decoded so far, at the file's own rate.
    var framesSeen: Int { collector?.framesSeen ?? 0 }
    /// Rate of the current part in Hz; 1 before the first.
    var sampleRate: Int { format?.sampleRate ?? 1 }
    var seconds: Double { format.map { Double(framesSeen) / Double($0.sampleRate) } ?? 0 }
    /// Whether everything that the options ask for has been decoded.
    var isFull: Bool { collector?.isFull ?? false }

    /// Call before each part.
    /// - Parameter expectedFrames: reserves memory only; callers bound it by the size of the file.
    /// - Throws: `AudioError.unusableFormat`; `.formatChanges` if the format differs from that of the previous part.
    mutating func begin(sampleRate: Int, channels: Int, expectedFrames: Int) throws {
        guard AudioFormat.channelCounts.contains(channels), AudioFormat.sampleRates.contains(sampleRate) else {
            throw AudioError.unusableFormat(channels: channels, sampleRate: sampleRate)
        }
        let new = AudioError.Format(sampleRate: sampleRate, channels: channels)
        if let format, format != new { throw AudioError.formatChanges(from: format, to: new, seconds: seconds) }
        guard format == nil else { return }
        format = new
        collector = try SampleCollector(
            options: options, sampleRate: sampleRate, channels: channels, expectedFrames: expectedFrames)
    }

    /// - Precondition: a part has begun.
    mutating func append(_ interleaved: UnsafePointer<Float>, frames: Int) throws {
        guard collector != nil else { preconditionFailure("Samples came before their format.") }
        try collector?.append(interleaved, frames: frames)
    }

    /// The result.
    /// - Throws: `AudioError.noSamples`; `.offsetBeyondEnd`; `.resampling`.
    mutating func sound() throws -> DecodedSound {
        guard let clip = try collector?.clip() else { throw AudioError.noSamples }
        if let loss = collector?.mixLoss { warnings.append(.channelsCancel(decibels: loss.isFinite ? loss : nil)) }
        return DecodedSound(clip: clip, warnings: warnings)
    }
}
