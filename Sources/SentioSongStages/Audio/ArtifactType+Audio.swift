package import SentioKit

extension ArtifactType {
    /// Encoded audio as found: MP3, FLAC, WAV…
    package static let audioFiles = ArtifactType("audio-files", form: .collection)
    /// `.npy` float32 [mels, frames], of songs or made: what a network may be trained on and nothing else. Attribute
    /// `ratings` maps the ids of made items to numbers in the order of attribute `dimensions`, in units of attribute
    /// `scale`.
    package static let labelledSpectrograms = ArtifactType("labelled-spectrograms", form: .collection)
}
