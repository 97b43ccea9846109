/// What is wrong with a sound, or with what was asked of it.
public enum AudioError: Error, Equatable, Sendable {
    case empty
    case notAudio(looksLikeText: Bool)
    case id3TagBeyondEnd(claimedBytes: Int, availableBytes: Int, offset: Int)
    case noFrames(bytes: Int)
    case truncated(foundFrames: Int, declaredFrames: Int, offset: Int)
    case truncatedData(foundBytes: Int, declaredBytes: Int, offset: Int)
    case truncatedSamples(foundFrames: Int, declaredFrames: Int, offset: Int)
    case damaged(reason: String, offset: Int)
    case unreadable(reason: String)
    case unusableFormat(channels: Int, sampleRate: Int)
    case tooLong(limitSeconds: Double)
    case offsetBeyondEnd(offsetSeconds: Double, lengthSeconds: Double)
    case noSamples
    case unusableSample(index: Int)
    case resampling(reason: String)
    case setting(name: String, reason: String)
    case encoding(reason: String)
}

extension AudioError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .empty:
            "The file is empty; copy it again from its source."
        case .notAudio(let looksLikeText):
            looksLikeText
                ? "The file holds text, not sound; check that the download did not store an error page under this name."
                : "The file is not sound that can be read: it is neither MP3 nor WAV, FLAC, Ogg, Opus, AIFF, AU or CAF."
        case .id3TagBeyondEnd(let claimed, let available, let offset):
            "The ID3 tag at byte \(offset) claims \(claimed) bytes but only \(available) follow it; "
                + "the file is cut off or its tag is damaged. Remove the tag or copy the file again."
        case .noFrames(let bytes):
            "The MP3 file of \(bytes) bytes holds no frame of sound."
        case .truncated(let found, let declared, let offset):
            "The MP3 file ends at byte \(offset) after \(found) of the \(declared) frames its header promises; copy it again."
        case .truncatedData(let found, let declared, let offset):
            "The sound data at byte \(offset) should be \(declared) bytes long and only \(found) are there; copy the file again."
        case .truncatedSamples(let found, let declared, let offset):
            "The file ends at byte \(offset) after \(found) of the \(declared) samples a channel that its header promises; copy it again."
        case .damaged(let reason, let offset):
            "The sound cannot be decoded past byte \(offset): \(reason). Copy the file again or leave it out."
        case .unreadable(let reason):
            "The sound cannot be read: \(reason)."
        case .unusableFormat(let channels, let sampleRate):
            "The file claims \(channels) channels at \(sampleRate) Hz; 1 to 64 channels at 1000 to 768000 Hz can be read. "
                + "Its header is probably damaged."
        case .tooLong(let limit):
            "The sound is longer than the limit of \(limit) seconds; cut it, or ask for a part with a duration."
        case .offsetBeyondEnd(let offset, let length):
            "The part asked for begins at \(offset) s but the sound is only \(length) s long."
        case .noSamples:
            "The sound has no samples."
        case .unusableSample(let index):
            "Sample \(index) is not a finite number of reasonable size (at most 1e6); the file is damaged."
        case .resampling(let reason):
            "The sound could not be resampled: \(reason)."
        case .setting(let name, let reason):
            "The setting '\(name)' cannot be used: \(reason)."
        case .encoding(let reason):
            "The sound could not be encoded as MP3: \(reason)."
        }
    }
}
