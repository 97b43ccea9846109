import CAudioKernels
import Foundation
import SentioNumerics

/// tempo, in beats per minute, one value per frame: the lag with the strongest autocorrelation of the onset strength in
/// an 8 s Hann window around the frame, weighted by a log-normal prior at 120 bpm (one octave wide), below 320 bpm, as
/// in librosa.feature.tempo(aggregate=None). Silence gives the lag closest to the peak of the prior.
struct TempoDescriptor: DescriptorFamily {
    static let names = ["tempo"]
    /// Autocorrelations computed by one FFT call.
    static let batch = 16

    /// Frames in the window.
    let window: Int
    let transform: RealFFT
    private let weights: [Float]
    /// The prior by lag; 0 for lags that are not allowed.
    private let prior: [Float]
    private let firstLag: Int
    private let beatsPerMinute: [Float]

    init(_ settings: HandcraftedFeatures.Settings) throws {
        let framesPerSecond = Double(settings.sampleRate) / Double(settings.hopLength)
        let window = Int(8 * Double(settings.sampleRate)) / settings.hopLength
        let bpm = [Double.infinity] + (1..<max(window, 2)).map { 60 * framesPerSecond / Double($0) }
        guard let first = bpm.firstIndex(where: { $0 < 320 }), window <= 65_536 else {
            throw AudioError.setting(
                name: "hop_length", reason: "\(settings.hopLength) cannot resolve tempos of 30 to 320 bpm")
        }
        self.window = window
        firstLag = first
        beatsPerMinute = bpm.map { Float($0) }
        prior = bpm.map { $0.isFinite ? Float(exp(-0.5 * pow(log2($0) - log2(120), 2))) : 0 }
        weights = (0..<window).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(window))) }
        // Long enough for all lags without wrap-around; multiples of 48 are fast.
        transform = .shared(size: (2 * window - 1 + 47) / 48 * 48, count: Self.batch)
    }

    func finish(_ samples: UnsafeBufferPointer<Float>, _ rows: DescriptorRows, _ workspace: DescriptorWorkspace) {
        let onset = rows.row("onset_strength")
        let tempo = rows.row("tempo")
        let envelope = padded(onset, rows.frames, workspace)
        let (real, spectrum) = (workspace.tempo.real, workspace.tempo.spectrum)
        for first in stride(from: 0, to: rows.frames, by: Self.batch) {
            let count = min(Self.batch, rows.frames - first)
            real.pointer.update(repeating: 0, count: real.count)
            audio_window_frames(
                envelope, Int64(rows.frames + window), Int64(first), 1, Int64(count), weights, Int64(window),
                real.pointer,
                Int64(transform.realStride))
            transform.forward(real, into: spectrum)
            audio_square_spectrum(spectrum.pointer, Int64(transform.complexStride / 2 * Self.batch))
            transform.inverse(spectrum, into: real)
            for lane in 0..<count {
                let lag = audio_best_lag(
                    real.pointer + lane * transform.realStride, prior, Int64(firstLag), Int64(window), 1e6)
                tempo[first + lane] = beatsPerMinute[Int(lag)]
            }
        }
    }

    /// The envelope, padded by half a window at each end with linear ramps from and to 0 (numpy.pad mode
    /// "linear_ramp").
    private func padded(
        _ onset: UnsafeMutablePointer<Float>, _ frames: Int, _ workspace: DescriptorWorkspace
    ) -> UnsafeMutablePointer<Float> {
        let half = window / 2
        let envelope = workspace.envelope.reserve(frames + window + 1)
        for i in 0..<half {
            envelope[i] = onset[0] * Float(i) / Float(half)
            envelope[half + frames + i] = onset[frames - 1] * Float(half - 1 - i) / Float(half)
        }
        (envelope + half).update(from: onset, count: frames)
        envelope[frames + 2 * half] = 0
        return envelope
    }
}

/// FFT buffers of one thread for the tempo.
final class TempoWorkspace: Sendable {
    let real: AlignedFloats
    let spectrum: AlignedFloats

    init(_ tempo: TempoDescriptor) {
        real = AlignedFloats(count: tempo.transform.realStride * TempoDescriptor.batch)
        spectrum = AlignedFloats(count: tempo.transform.complexStride * TempoDescriptor.batch)
    }
}
