/// An audio file that cannot be decoded, or a setting that cannot be used. Offsets are bytes from the start of the
/// file; seconds count from the start of the audio.
public enum AudioError: Error, Equatable, Sendable {
    /// Sample rate in Hz and number of channels.
    public struct Format: Equatable, Sendable {
        let sampleRate: Int
        let channels: Int

        /// - Parameter sampleRate: in Hz.
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
    case dataBeyondDeclaredEnd(declaredBytes: Int, restBytes: Int, offset: Int, seconds: Double?)
    case formatChanges(from: Format, to: Format, seconds: Double)
    case parallelStreams(count: Int)
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
                ? "The file contains text, not audio; a download may have saved an error page under this name."
                : "The file is in no supported audio format: MP3, WAV, AIFF, FLAC, Ogg, Opus, AU or CAF."
        case .id3TagBeyondEnd(let claimed, let available, let offset):
            "The ID3 tag at byte \(offset) claims \(claimed) bytes, but only \(available) follow: "
                + "the file is truncated or its tag is damaged. Remove the tag or copy the file again."
        case .noFrames(let bytes):
            "The MP3 file (\(bytes) bytes) contains no audio frames."
        case .truncated(let found, let declared, let offset, let seconds):
            "The MP3 file ends at byte \(offset) after \(found) of the \(declared) frames that its header declares"
                + "\(Self.at(seconds)); copy it again."
        case .truncatedData(let found, let declared, let offset, let seconds):
            "The audio data at byte \(offset) should be \(declared) bytes long, but only \(found) are present"
                + "\(Self.at(seconds)); copy the file again."
        case .truncatedSamples(let found, let declared, let offset, let seconds):
            "The file ends at byte \(offset) after \(found) of the \(declared) samples per channel that its header "
                + "declares\(Self.at(seconds)); copy it again."
        case .damaged(let reason, let offset, let seconds):
            "The audio cannot be decoded beyond \(SecondsText.of(seconds))\(offset.map { " (byte \($0))" } ?? ""): "
                + "\(reason). Copy the file again or leave it out."
        case .damagedHeader(let reason):
            "The file header is damaged: \(reason). Copy the file again or leave it out."
        case .dataBeyondDeclaredEnd(let declared, let rest, let offset, let seconds):
            "The header declares \(declared) bytes of audio\(Self.at(seconds)), but \(rest) more bytes follow at "
                + "byte \(offset) that are neither a chunk nor a tag. Rewrite the header, for example by converting "
                + "the file."
        case .formatChanges(let from, let to, let seconds):
            "The audio changes at \(SecondsText.of(seconds)) from \(from) to \(to); split the file there, or convert "
                + "it to one format."
        case .parallelStreams(let count):
            "The Ogg file contains \(count) parallel audio streams, and nothing says which of them is the song; keep "
                + "only one."
        case .unreadable(let reason):
            "The audio cannot be read: \(reason)."
        case .unusableFormat(let channels, let sampleRate):
            "The file claims \(channels) channels at \(sampleRate) Hz; 1 to 64 channels at 1000 to 768000 Hz are "
                + "supported. Its header is probably damaged."
        case .tooLong(let limit):
            "The audio is longer than the limit of \(limit) seconds; cut the file, or set a duration to decode only "
                + "part of it."
        case .offsetBeyondEnd(let offset, let length):
            "The requested part starts at \(offset) s, but the audio is only \(length) s long."
        case .noSamples:
            "The audio contains no samples."
        case .unusableSample(let index):
            "Sample \(index) is not finite or exceeds 1e6 in magnitude; the file is damaged."
        case .resampling(let reason):
            "The audio could not be resampled: \(reason)."
        case .setting(let name, let reason):
            "The setting '\(name)' is invalid: \(reason)."
        case .encoding(let reason):
            "The audio could not be encoded as MP3: \(reason)."
        }
    }

    private static func at(_ seconds: Double?) -> String { seconds.map { " (at \(SecondsText.of($0)))" } ?? "" }
}
