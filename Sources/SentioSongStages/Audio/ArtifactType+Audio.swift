package import SentioKit

extension ArtifactType {
    /// Encoded audio as found: MP3, FLAC, WAV…
    package static let audioFiles = ArtifactType("audio-files", form: .collection)
    /// `.npy` float32 [mels, frames], of songs or generated, for training networks only. Attribute
    /// `ratings` maps the ids of generated items to numbers in the order of attribute `dimensions`, in units of
    /// attribute `scale`.
    package static let labelledSpectrograms = ArtifactType("labelled-spectrograms", form: .collection)
    /// `.npy` int64 [frames]: words of an acoustic fingerprint, with their reliable bits in the upper half; attribute
    /// `frame_seconds`.
    package static let fingerprints = ArtifactType("fingerprints", form: .collection)
    /// CSV: song_id, group; songs of one group are the same recording, a song without copies has none.
    package static let duplicates = ArtifactType("duplicates", form: .table, carriesSongData: false)
    /// CSV of pairs: song_a, song_b, similarity, offset_seconds, overlap_seconds, and differences of their ratings.
    package static let duplicatePairs = ArtifactType("duplicate-pairs", form: .files)
}
