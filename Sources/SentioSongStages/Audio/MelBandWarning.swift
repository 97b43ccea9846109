import SentioAudio

/// Warns about mel bands that are too narrow for the FFT, as librosa does.
enum MelBandWarning {
    /// nil where no band is empty.
    static func sentence(_ what: String, empty: Int, of bands: Int, fftSize: Int, sampleRate: Int, cure: String)
        -> String?
    {
        guard empty > 0 else { return nil }
        return
            "\(empty) of \(bands) mel bands \(what)are empty: no frequency of an FFT of \(fftSize) samples at "
            + "\(sampleRate) Hz falls into them, so they have the same value in every frame of every song. \(cure)"
    }
}
