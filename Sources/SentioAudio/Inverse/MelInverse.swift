import Foundation

/// Inverts a log-mel spectrogram: for each frame, the non-negative powers of all frequencies whose mel powers are
/// closest to those given. `librosa.feature.inverse.mel_to_stft` solves the same problem but may find another of its
/// many solutions: there are more frequencies than mel bands.
///
/// Deterministic; thread-safe.
public struct MelInverse: Sendable {
    let settings: LogMelSpectrogram.Settings
    /// The mel filter bank that is inverted.
    public let filters: MelFilterBank
    let iterations: Int

    /// - Parameters:
    ///   - settings: those with which the spectrograms were computed.
    ///   - iterations: steps of the solver. After the default, 64, a step reduces the residual by less than 1 %.
    /// - Throws: `AudioError.setting` for settings out of range.
    public init(_ settings: LogMelSpectrogram.Settings, iterations: Int = 64) throws {
        self.settings = settings
        self.iterations = iterations
        filters = try MelFilterBank(
            sampleRate: settings.sampleRate, fftSize: settings.fftSize, mels: settings.mels, minHz: settings.minHz,
            maxHz: settings.maxHz)
    }

    /// Decibels [mels, frames] to magnitudes [bins, frames]. With `reference: .maximum`, 0 dB is taken as power 1.
    ///
    /// Uses the multiplicative updates of Lee and Seung (2001), which keep values positive:
    /// x <- x · (Aᵀ y) / (Aᵀ A x).
    /// - Precondition: the spectrogram has `settings.mels` bands.
    public func magnitudes(_ decibels: Spectrogram) -> Spectrogram {
        precondition(
            decibels.bands == settings.mels, "The spectrogram has \(decibels.bands) bands, not \(settings.mels).")
        let frames = decibels.frames, bins = filters.bins
        var reference = 1.0
        if case .power(let power) = settings.reference { reference = power }
        var result = [Float](repeating: 0, count: bins * frames)
        var mel = [Float](repeating: 0, count: settings.mels), back = [Float](repeating: 0, count: bins), power = back,
            estimate = back
        var heard = mel
        for frame in 0..<frames {
            for band in mel.indices {
                mel[band] = Float(reference * Self.power(Double(decibels.values[band * frames + frame])))
            }
            transposed(mel, &back)
            // Frequencies covered by no filter, or by silent ones only, stay 0.
            for bin in 0..<bins { power[bin] = back[bin] }
            for _ in 0..<iterations {
                forward(power, &heard)
                transposed(heard, &estimate)
                for bin in 0..<bins where power[bin] > 0 {
                    power[bin] *= back[bin] / max(estimate[bin], .leastNormalMagnitude)
                }
            }
            for bin in 0..<bins { result[bin * frames + frame] = power[bin].squareRoot() }
        }
        return Spectrogram(bands: bins, frames: frames, values: result)
    }

    /// 10^(dB / 10).
    private static func power(_ decibels: Double) -> Double { pow(10, decibels / 10) }

    /// A x.
    private func forward(_ x: [Float], _ y: inout [Float]) {
        var next = 0
        for row in 0..<filters.mels {
            var sum: Float = 0
            let first = Int(filters.first[row])
            for place in 0..<Int(filters.length[row]) { sum += filters.weights[next + place] * x[first + place] }
            next += Int(filters.length[row])
            y[row] = sum
        }
    }

    /// Aᵀ y.
    private func transposed(_ y: [Float], _ x: inout [Float]) {
        for bin in x.indices { x[bin] = 0 }
        var next = 0
        for row in 0..<filters.mels {
            let first = Int(filters.first[row])
            for place in 0..<Int(filters.length[row]) { x[first + place] += filters.weights[next + place] * y[row] }
            next += Int(filters.length[row])
        }
    }
}
