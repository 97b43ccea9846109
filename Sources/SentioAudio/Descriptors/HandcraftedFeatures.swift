import CAudioKernels
import Foundation

/// The 164 handcrafted features of a clip: mean, standard deviation, minimum and maximum of 41 frame-level descriptors,
/// from one shared STFT.
///
/// The descriptors and their parameters are librosa 0.11's defaults (n_fft 2048, hop 512, centered frames); `names`
/// gives their order. Standard deviations divide by n. Silence and clips shorter than a window are defined and never
/// NaN: see each family. Deterministic; thread-safe.
public struct HandcraftedFeatures: Sendable {
    /// Sample rate and frame layout.
    public struct Settings: Sendable, Hashable {
        /// In Hz, at least 16,000, because the mel bands reach 8 kHz. Default 22,050.
        public var sampleRate: Int
        /// Samples in a window. Default 2048 (librosa).
        public var fftSize: Int
        /// Samples from frame to frame. Default 512 (librosa).
        public var hopLength: Int

        /// Settings with librosa's defaults. They are checked by `HandcraftedFeatures.init`.
        public init(sampleRate: Int = 22_050, fftSize: Int = 2048, hopLength: Int = 512) {
            self.sampleRate = sampleRate
            self.fftSize = fftSize
            self.hopLength = hopLength
        }
    }

    /// The 41 descriptors, in order.
    public static let descriptors: [String] =
        MFCCDescriptor.names
        + ["spectral_centroid", "spectral_bandwidth", "spectral_rolloff"]
        + SpectralContrastDescriptor.names
        + ["zero_crossing_rate", "rms", "rms_delta", "spectral_flatness", "onset_strength", "tempo"]
        + ChromaDescriptor.names

    /// The 164 features, in order: `mfcc_1_mean`, `mfcc_1_std`, `mfcc_1_min`, `mfcc_1_max`, `mfcc_2_mean` ...
    public static let names: [String] = descriptors.flatMap { name in
        ["mean", "std", "min", "max"].map { "\(name)_\($0)" }
    }

    private static let rows = Dictionary(uniqueKeysWithValues: descriptors.enumerated().map { ($1, $0) })

    static func row(of name: String) -> Int {
        guard let row = rows[name] else { preconditionFailure("No descriptor is called '\(name)'.") }
        return row
    }

    /// The settings given.
    public let settings: Settings
    private let stft: STFT
    private let families: [any DescriptorFamily]
    /// For each family that uses mel bands, how many of them are too narrow for the FFT size and therefore empty.
    public let emptyMelBands: [(name: String, empty: Int, bands: Int)]
    private let workspaces: WorkspacePool<DescriptorWorkspace>

    /// - Throws: `AudioError.setting` for settings out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (16_000...768_000).contains(settings.sampleRate) else {
            throw AudioError.setting(
                name: "sample_rate", reason: "the features need 16000 to 768000 Hz, not \(settings.sampleRate)")
        }
        self.settings = settings
        // Contrast and bandwidth depend on bins 120 dB below the loudest, such as those above a codec's cutoff.
        let stft = try STFT(fftSize: settings.fftSize, hopLength: settings.hopLength, precision: .double)
        self.stft = stft
        let tempo = try TempoDescriptor(settings)
        let (mfcc, onset) = (try MFCCDescriptor(settings), try OnsetStrengthDescriptor(settings))
        emptyMelBands = [
            ("mfcc", mfcc.filters.emptyBands, mfcc.filters.mels),
            ("onset_strength", onset.filters.emptyBands, onset.filters.mels),
        ]
        families = [
            mfcc,
            SpectralShapeDescriptor(settings),
            try SpectralContrastDescriptor(settings),
            ZeroCrossingDescriptor(settings),
            RootMeanSquareDescriptor(settings),
            onset,
            tempo,  // reads onset_strength
            ChromaDescriptor(settings),
        ]
        workspaces = WorkspacePool { DescriptorWorkspace(stft: stft, tempo: tempo) }
    }

    /// The features of `samples` (mono, at `settings.sampleRate`), in the order of `names`.
    /// - Throws: `AudioError.noSamples`; `AudioError.unusableSample`.
    public func compute(_ samples: [Float]) throws -> [Double] {
        try withRows(samples) { rows in
            var features: [Double] = []
            features.reserveCapacity(Self.names.count)
            for index in 0..<Self.descriptors.count {
                features += Self.summary(UnsafeBufferPointer(start: rows.row(index), count: rows.frames))
            }
            return features
        }
    }

    /// The frame-level descriptors, row-major [41, frames], in the order of `descriptors`.
    /// - Throws: `AudioError.noSamples`; `AudioError.unusableSample`.
    public func frames(_ samples: [Float]) throws -> Spectrogram {
        try withRows(samples) { rows in
            let values = (0..<Self.descriptors.count).flatMap {
                UnsafeBufferPointer(start: rows.row($0), count: rows.frames)
            }
            return Spectrogram(bands: Self.descriptors.count, frames: rows.frames, values: values)
        }
    }

    private func withRows<Result>(_ samples: [Float], _ body: (DescriptorRows) throws -> Result) throws -> Result {
        guard !samples.isEmpty else { throw AudioError.noSamples }
        if let index = SampleCheck.firstUnusable(samples) { throw AudioError.unusableSample(index: index) }
        let frames = stft.frameCount(samples: samples.count)
        let stride = (frames + SpectrumBlock.lanes - 1) / SpectrumBlock.lanes * SpectrumBlock.lanes
        return try workspaces.with { workspace in
            try samples.withUnsafeBufferPointer { samples in
                let base = workspace.rows.reserve(Self.descriptors.count * stride)
                let scratchRows = families.map(\.scratchRows)
                var scratch = workspace.scratch.reserve(scratchRows.reduce(0, +) * stride)
                var views: [DescriptorRows] = []
                for count in scratchRows {
                    views.append(DescriptorRows(frames: frames, stride: stride, base: base, scratch: scratch))
                    scratch += count * stride
                }
                stft.forEachBlock(samples, workspace.spectrum, magnitude: true) { block in
                    for (family, rows) in zip(families, views) { family.consume(block, rows) }
                }
                for (family, rows) in zip(families, views) { family.finish(samples, rows, workspace) }
                return try body(views[0])
            }
        }
    }

    /// Mean, standard deviation, minimum, maximum; accumulated in float64.
    private static func summary(_ row: UnsafeBufferPointer<Float>) -> [Double] {
        var sum = 0.0
        var low = row[0]
        var high = row[0]
        for value in row {
            sum += Double(value)
            low = min(low, value)
            high = max(high, value)
        }
        let mean = sum / Double(row.count)
        var squares = 0.0
        for value in row { squares += (Double(value) - mean) * (Double(value) - mean) }
        return [mean, (squares / Double(row.count)).squareRoot(), Double(low), Double(high)]
    }
}
