import SentioAudio

/// Mel bands that are too narrow for the transform are said, as librosa does.
enum MelBandWarning {
    /// nil where no band is empty.
    static func sentence(_ what: String, empty: Int, of bands: Int, fftSize: Int, sampleRate: Int, cure: String)
        -> String?
    {
        guard empty > 0 else { return nil }
        return
            "\(empty) of \(bands) mel bands \(what)are empty: no frequency of a transform of \(fftSize) samples at "
            + "\(sampleRate) Hz lies in "
            + "them, so they hold the same value in every frame of every song. \(cure)"
    }
}
