import CAudioKernels

/// spectral_centroid, spectral_bandwidth and spectral_rolloff (85 %) in Hz from magnitudes, spectral_flatness (0...1)
/// from powers of at least 1e-10, as in librosa.feature.spectral_*. A silent frame gives 0, 0, 0 and 1.
struct SpectralShapeDescriptor: DescriptorFamily {
    static let names = ["spectral_centroid", "spectral_bandwidth", "spectral_rolloff", "spectral_flatness"]

    private let hzPerBin: Float
    private let rows: [Int]

    init(_ settings: HandcraftedFeatures.Settings) {
        hzPerBin = Float(Double(settings.sampleRate) / Double(settings.fftSize))
        rows = Self.names.map { HandcraftedFeatures.row(of: $0) }
    }

    func consume(_ block: SpectrumBlock, _ out: DescriptorRows) {
        let bins = Int64(block.bins)
        let at = block.firstFrame
        audio_centroid_bandwidth(block.magnitude, bins, hzPerBin, out.row(rows[0]) + at, out.row(rows[1]) + at)
        audio_rolloff(block.magnitude, bins, hzPerBin, 0.85, out.row(rows[2]) + at)
        audio_flatness(block.power, bins, LogMelSpectrogram.smallestPower, out.row(rows[3]) + at)
    }
}
