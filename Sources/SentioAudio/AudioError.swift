/// What is wrong with a sound, or with what was asked of it. Offsets in bytes of the file, seconds from the sound's
/// start.
public enum AudioError: Error, Equatable, Sendable {
    /// Hz and number of channels.
    public struct Format: Equatable, Sendable {
        public var sampleRate: Int
        public var channels: Int

        public init(sampleRate: Int, channels: Int) {
            self.sampleRate = sampleRate
            self.channels = channels
        }
    }

    case empty
    case notAudio(looksLikeText: Bool)
    case id3TagBeyondEnd(claimedBytes: Int, availableBytes: Int, offset: Int)
    case noFrames(bytes: Int)
    case truncated(foundFrames: Int, declaredFrames: Int, offset: Int, seconds: Double)
    case truncatedData(foundBytes: Int, declaredBytes: Int, offset: Int, seconds: Double?)
    case truncatedSamples(foundFrames: Int, declaredFrames: Int, offset: Int, seconds: Double)
    case damaged(reason: String, offset: Int?, seconds: Double)
    case damagedHeader(reason: String)
    case soundBehindTheEnd(declaredBytes: Int, restBytes: Int, offset: Int, seconds: Double?)
    case formatChanges(from: Format, to: Format, seconds: Double)
    case severalSounds(count: Int)
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

extension AudioError.Format: CustomStringConvertible {
    public var description: String { "\(sampleRate) Hz, \(channels) channel\(channels == 1 ? "" : "s")" }
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
        case .truncated(let found, let declared, let offset, let seconds):
            "The MP3 file ends at byte \(offset) after \(found) of the \(declared) frames its header promises"
                + "\(Self.at(seconds)); copy it again."
        case .truncatedData(let found, let declared, let offset, let seconds):
            "The sound data at byte \(offset) should be \(declared) bytes long and only \(found) are there"
                + "\(Self.at(seconds)); copy the file again."
        case .truncatedSamples(let found, let declared, let offset, let seconds):
            "The file ends at byte \(offset) after \(found) of the \(declared) samples a channel that its header "
                + "promises"
                + "\(Self.at(seconds)); copy it again."
        case .damaged(let reason, let offset, let seconds):
            "The sound cannot be decoded past \(offset.map { "byte \($0), " } ?? "")\(SecondsText.of(seconds)): "
                + "\(reason). "
                + "Copy the file again or leave it out."
        case .damagedHeader(let reason):
            "The file's header is damaged: \(reason). Copy the file again or leave it out."
        case .soundBehindTheEnd(let declared, let rest, let offset, let seconds):
            "The header says that the sound ends after \(declared) bytes\(Self.at(seconds)), but \(rest) bytes more "
                + "follow at "
                + "byte \(offset) that are neither a chunk nor a tag; write the header anew, for example by "
                + "converting the file."
        case .formatChanges(let from, let to, let seconds):
            "The sound changes at \(SecondsText.of(seconds)) from \(from) to \(to); cut the file there, or convert it "
                + "to one format."
        case .severalSounds(let count):
            "The Ogg file holds \(count) sounds side by side, and nothing says which of them is the song; keep one."
        case .unreadable(let reason):
            "The sound cannot be read: \(reason)."
        case .unusableFormat(let channels, let sampleRate):
            "The file claims \(channels) channels at \(sampleRate) Hz; 1 to 64 channels at 1000 to 768000 Hz can be "
                + "read. "
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

    private static func at(_ seconds: Double?) -> String { seconds.map { " (at \(SecondsText.of($0)))" } ?? "" }
}
