import CAudioKernels

/// onset_strength: mean increase in dB from the previous frame over 128 mel bands (0 Hz to half the sample rate),
/// floored 80 dB below the clip's maximum, delayed by n_fft/(2 hop) frames to align with the onset, as in
/// librosa.onset.onset_strength. A clip of one frame gives 0.
struct OnsetStrengthDescriptor: DescriptorFamily {
    static let names = ["onset_strength"]
    static let mels = 128

    let filters: MelFilterBank
    private let delay: Int

    init(_ settings: HandcraftedFeatures.Settings) throws {
        filters = try MelFilterBank(sampleRate: settings.sampleRate, fftSize: settings.fftSize, mels: Self.mels)
        // librosa's onset_strength uses n_fft = 2048, the default here too.
        delay = settings.fftSize / (2 * settings.hopLength)
    }

    var scratchRows: Int { Self.mels }

    func consume(_ block: SpectrumBlock, _ rows: DescriptorRows) {
        filters.apply(block, into: rows.scratch, stride: rows.stride)
    }

    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace) {
        let count = Int64(Self.mels * rows.stride)
        let loudest = audio_power_to_db(rows.scratch, count, LogMelSpectrogram.smallestPower, 1)
        audio_raise_to(rows.scratch, count, loudest - 80)
        let flux = workspace.envelope.reserve(rows.frames)
        audio_positive_flux(rows.scratch, Int64(Self.mels), Int64(rows.stride), Int64(rows.frames), flux)
        let out = rows.row("onset_strength")
        for frame in 0..<rows.frames { out[frame] = frame > delay ? flux[frame - delay] : 0 }
    }
}
