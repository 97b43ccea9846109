import Foundation

/// What is odd about a sound that was read all the same. Offsets in bytes of the file, seconds from the sound's start.
public enum AudioWarning: Equatable, Sendable {
    /// The last MP3 frame ends beyond the file's end.
    case lastFrameCutOff(offset: Int, seconds: Double)
    /// An MP3 header promises a few frames more than there are.
    case fewerFrames(found: Int, declared: Int, seconds: Double)
    /// Bytes before, between or behind the frames that are neither sound nor a tag.
    case skippedBytes(count: Int, offset: Int, seconds: Double)
    /// The sound data are a hundredth of a second shorter than the header says, or less.
    case fewerBytes(found: Int, declared: Int, seconds: Double)
    /// The last page of an Ogg stream does not say that it is the last.
    case noEndMark(seconds: Double)
    /// The channels cancel each other in the mix; nil: nothing is left.
    case channelsCancel(decibels: Double?)
}

extension AudioWarning: CustomStringConvertible {
    public var description: String {
        switch self {
        case .lastFrameCutOff(let offset, let seconds):
            "The last frame, at byte \(offset) (\(SecondsText.of(seconds))), is cut off, so the file may have been "
                + "longer; "
                + "what is there was read."
        case .fewerFrames(let found, let declared, let seconds):
            "The file holds \(found) frames and ends at \(SecondsText.of(seconds)), but its header promises "
                + "\(declared); "
                + "its end may be missing."
        case .skippedBytes(let count, let offset, let seconds):
            "\(count) bytes at byte \(offset) (\(SecondsText.of(seconds))) are neither sound nor a tag and were left "
                + "out; "
                + "compare the file with its source."
        case .fewerBytes(let found, let declared, let seconds):
            "The sound data end at \(SecondsText.of(seconds)), after \(found) of the \(declared) bytes that the "
                + "header names; "
                + "less than 0.01 s is missing."
        case .noEndMark(let seconds):
            "The stream ends at \(SecondsText.of(seconds)) without an end mark, so the file may have been longer; "
                + "what is there was read."
        case .channelsCancel(let decibels):
            decibels.map {
                "The channels cancel each other: their mean is \(String(format: "%.0f", $0)) dB weaker than they are, "
                    + "so little of the song is heard. Probably one channel has the opposite phase; turn it round."
            }
                ?? "The channels cancel each other: their mean is silence, so nothing of the song is heard. "
                + "Probably one channel has the opposite phase; turn it round."
        }
    }
}

/// Seconds in messages.
enum SecondsText {
    static func of(_ seconds: Double) -> String { String(format: "%.2f s", seconds) }
}
