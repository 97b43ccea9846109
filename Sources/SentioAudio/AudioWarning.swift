import Foundation

/// An irregularity in a file that was decoded nevertheless. Offsets are bytes from the start of the file; seconds count
/// from the start of the audio.
public enum AudioWarning: Equatable, Sendable {
    /// The last MP3 frame extends beyond the end of the file.
    case lastFrameCutOff(offset: Int, seconds: Double)
    /// An MP3 header declares a few more frames than there are.
    case fewerFrames(found: Int, declared: Int, seconds: Double)
    /// Bytes before, between or after the frames that are neither audio nor a tag.
    case skippedBytes(count: Int, offset: Int, seconds: Double)
    /// The audio data are at most 0.01 s shorter than the header says.
    case fewerBytes(found: Int, declared: Int, seconds: Double)
    /// The last page of an Ogg stream is not marked as the last.
    case noEndMark(seconds: Double)
    /// The channels cancel each other in the mix, which is this much weaker than they are; nil: the mix is silent.
    case channelsCancel(decibels: Double?)
}

extension AudioWarning: CustomStringConvertible {
    public var description: String {
        switch self {
        case .lastFrameCutOff(let offset, let seconds):
            "The last frame, at byte \(offset) (\(SecondsText.of(seconds))), is truncated, so the file may have been "
                + "longer; everything before it was decoded."
        case .fewerFrames(let found, let declared, let seconds):
            "The file contains \(found) frames and ends at \(SecondsText.of(seconds)), but its header declares "
                + "\(declared); its end may be missing."
        case .skippedBytes(let count, let offset, let seconds):
            "\(count) bytes at byte \(offset) (\(SecondsText.of(seconds))) are neither audio nor a tag and were "
                + "skipped; compare the file with its source."
        case .fewerBytes(let found, let declared, let seconds):
            "The audio data end at \(SecondsText.of(seconds)), after \(found) of the \(declared) bytes that the "
                + "header declares; less than 0.01 s is missing."
        case .noEndMark(let seconds):
            "The stream ends at \(SecondsText.of(seconds)) without an end-of-stream mark, so the file may have been "
                + "longer; everything present was decoded."
        case .channelsCancel(let decibels):
            decibels.map {
                "The channels cancel each other: their mean is \(String(format: "%.0f", $0)) dB weaker than they are, "
                    + "so little of the song remains. One channel probably has inverted polarity; invert it."
            }
                ?? "The channels cancel each other: their mean is silence, so nothing of the song remains. "
                + "One channel probably has inverted polarity; invert it."
        }
    }
}

/// Seconds in messages.
enum SecondsText {
    static func of(_ seconds: Double) -> String { String(format: "%.2f s", seconds) }
}
