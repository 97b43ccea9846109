import CAudioKernels

/// rms: root mean square of a frame, zero-padded at both ends (librosa.feature.rms). rms_delta: its change from the
/// previous frame, 0 in the first.
struct RootMeanSquareDescriptor: DescriptorFamily {
    static let names = ["rms", "rms_delta"]

    private let fftSize: Int
    private let hop: Int

    init(_ settings: HandcraftedFeatures.Settings) {
        fftSize = settings.fftSize
        hop = settings.hopLength
    }

    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace) {
        let rms = rows.row("rms")
        let delta = rows.row("rms_delta")
        guard let base = samples.baseAddress else { return }
        audio_mean_square(base, Int64(samples.count), Int64(hop), Int64(fftSize), Int64(rows.frames), rms)
        for frame in 0..<rows.frames { rms[frame] = rms[frame].squareRoot() }
        delta[0] = 0
        for frame in 1..<max(rows.frames, 1) { delta[frame] = rms[frame] - rms[frame - 1] }
    }
}
