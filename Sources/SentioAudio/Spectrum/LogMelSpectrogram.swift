import CAudioKernels

/// Log-mel spectrograms as computed by librosa.power_to_db(librosa.feature.melspectrogram(...)).
///
/// Input: mono samples at `sampleRate`. Output: dB, row-major [mels, frames], frames = 1 + samples/hopLength.
/// Silence gives a constant: 0 dB with `reference: .maximum`, otherwise -100 dB relative to the reference.
/// Deterministic; thread-safe, and each thread reuses a workspace.
public struct LogMelSpectrogram: Sendable {
    /// Transform, mel bands and decibel scale.
    public struct Settings: Sendable, Hashable {
        /// In Hz. Default 22,050 (librosa).
        public var sampleRate: Int
        /// Samples in a window. Default 2048 (librosa).
        public var fftSize: Int
        /// Samples from frame to frame. Default 512 (librosa).
        public var hopLength: Int
        /// Number of mel bands. Default 128 (librosa).
        public var mels: Int
        /// Lower edge of the mel bands in Hz. Default 20 (the Sentio study; librosa: 0).
        public var minHz: Double
        /// Upper edge of the mel bands in Hz. Default 8000 (the Sentio study; librosa: sampleRate/2).
        public var maxHz: Double
        /// The power at 0 dB. Default: the maximum of the clip (the Sentio study).
        public var reference: Reference
        /// Dynamic range in dB: lower values are raised to the maximum minus this. Default 80 (librosa); nil:
        /// unlimited.
        public var topDecibels: Double?

        /// Settings with the defaults given at each property. They are checked by `LogMelSpectrogram.init`.
        public init(
            sampleRate: Int = 22_050, fftSize: Int = 2048, hopLength: Int = 512, mels: Int = 128, minHz: Double = 20,
            maxHz: Double = 8000, reference: Reference = .maximum, topDecibels: Double? = 80
        ) {
            self.sampleRate = sampleRate
            self.fftSize = fftSize
            self.hopLength = hopLength
            self.mels = mels
            self.minHz = minHz
            self.maxHz = maxHz
            self.reference = reference
            self.topDecibels = topDecibels
        }
    }

    /// The power at 0 dB.
    public enum Reference: Sendable, Hashable {
        /// The maximum of the clip (`ref=np.max`).
        case maximum
        /// A fixed power, which preserves loudness differences between clips. librosa's default is 1.
        case power(Double)
    }

    /// Lower powers are raised to this (librosa's amin).
    static let smallestPower: Float = 1e-10

    /// The settings given.
    public let settings: Settings
    private let stft: STFT
    /// The filters that map bins to mel bands.
    public let filters: MelFilterBank
    private let workspaces: WorkspacePool<SpectrumWorkspace>

    /// - Throws: `AudioError.setting` for settings out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard AudioFormat.sampleRates.contains(settings.sampleRate) else {
            throw AudioError.setting(
                name: "sample_rate", reason: "\(settings.sampleRate) Hz is not between 1000 and 768000 Hz")
        }
        if case .power(let power) = settings.reference, !(power > 0 && power.isFinite) {
            throw AudioError.setting(name: "reference", reason: "\(power) is not a positive power")
        }
        if let top = settings.topDecibels, !(top >= 0) {
            throw AudioError.setting(name: "top_db", reason: "\(top) is negative")
        }
        self.settings = settings
        let stft = try STFT(fftSize: settings.fftSize, hopLength: settings.hopLength)
        self.stft = stft
        filters = try MelFilterBank(
            sampleRate: settings.sampleRate, fftSize: settings.fftSize, mels: settings.mels, minHz: settings.minHz,
            maxHz: settings.maxHz)
        workspaces = WorkspacePool { SpectrumWorkspace(stft) }
    }

    /// The spectrogram in dB of mono samples at `settings.sampleRate`.
    /// - Throws: `AudioError.noSamples`; `AudioError.unusableSample`.
    public func compute(_ samples: [Float]) throws -> Spectrogram { try bands(of: samples, toDecibels) }

    /// The mel power, librosa's `melspectrogram`. `reference` and `topDecibels` have no effect.
    /// - Throws: `AudioError.noSamples`; `AudioError.unusableSample`.
    public func power(_ samples: [Float]) throws -> Spectrogram { try bands(of: samples) { _, _ in } }

    /// - Parameter finish: transforms the powers in place, given their number.
    private func bands(of samples: [Float], _ finish: (UnsafeMutablePointer<Float>, Int) -> Void) throws -> Spectrogram
    {
        guard !samples.isEmpty else { throw AudioError.noSamples }
        if let index = SampleCheck.firstUnusable(samples) { throw AudioError.unusableSample(index: index) }
        let frames = stft.frameCount(samples: samples.count)
        // Rows are padded to whole blocks; the padding stays 0 and cannot be the maximum.
        let stride = (frames + SpectrumBlock.lanes - 1) / SpectrumBlock.lanes * SpectrumBlock.lanes
        let mels = settings.mels
        return workspaces.with { workspace in
            let base = workspace.clip.reserve(mels * stride)
            samples.withUnsafeBufferPointer { samples in
                stft.forEachBlock(samples, workspace, magnitude: false, bins: filters.usedBins) {
                    filters.apply($0, into: base, stride: stride)
                }
            }
            finish(base, mels * stride)
            let values = [Float](unsafeUninitializedCapacity: mels * frames) { buffer, initialized in
                for mel in 0..<mels {
                    _ = UnsafeMutableBufferPointer(rebasing: buffer[(mel * frames)..<((mel + 1) * frames)])
                        .initialize(fromContentsOf: UnsafeBufferPointer(start: base + mel * stride, count: frames))
                }
                initialized = mels * frames
            }
            return Spectrogram(bands: mels, frames: frames, values: values)
        }
    }

    private func toDecibels(_ values: UnsafeMutablePointer<Float>, _ count: Int) {
        let reference: Float
        switch settings.reference {
        case .maximum: reference = audio_largest(values, Int64(count))
        case .power(let power): reference = Float(power)
        }
        let loudest = audio_power_to_db(values, Int64(count), Self.smallestPower, reference)
        if let top = settings.topDecibels { audio_raise_to(values, Int64(count), loudest - Float(top)) }
    }
}
