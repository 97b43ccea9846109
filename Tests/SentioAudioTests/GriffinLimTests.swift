import Foundation
import SentioAudio
import Testing

/// Sound from spectrograms, as near as librosa comes. Samples cannot agree: phases start from random numbers.
@Suite struct GriffinLimTests {
    private func librosa(_ name: String) throws -> Double {
        let url = try #require(
            Bundle.module.url(forResource: "inverse", withExtension: "json", subdirectory: "Fixtures"))
        return try #require(
            try (JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])?[name] as? Double)
    }

    @Test(arguments: [(0.99, "griffinlim"), (0, "griffinlim_plain")])
    func magnitudesConvergeAsLibrosas(_ momentum: Double, _ name: String) throws {
        let stft = try STFT(), magnitudes = stft.magnitude(TestSignal.sweep())
        let griffinLim = GriffinLim(stft, momentum: momentum), samples = griffinLim.samples(magnitudes, seed: 1)
        #expect(samples.count == (magnitudes.frames - 1) * 512)
        let found = griffinLim.spectralConvergence(samples, magnitudes), expected = try librosa(name)
        #expect(found < 1.1 * expected, "\(found), librosa \(expected)")
        #expect(
            griffinLim.samples(magnitudes, seed: 1) == samples && griffinLim.samples(magnitudes, seed: 2) != samples)
    }

    @Test func melBandsAreExplainedAsWellAsByLibrosa() throws {
        let settings = LogMelSpectrogram.Settings(reference: .power(1), topDecibels: nil)
        let mel = try LogMelSpectrogram(settings).compute(TestSignal.sweep())
        let found = try MelInverse(settings).magnitudes(mel), truth = try STFT().magnitude(TestSignal.sweep())
        let bank = try MelInverse(settings).filters.dense, bins = found.bands, frames = found.frames
        var (residual, whole, apart, power) = (0.0, 0.0, 0.0, 0.0)
        for frame in 0..<frames {
            for band in 0..<128 {
                let wanted = pow(10, Double(mel.values[band * frames + frame]) / 10)
                let heard = (0..<bins).reduce(0.0) {
                    let magnitude = Double(found.values[$1 * frames + frame])
                    return $0 + Double(bank[band * bins + $1]) * magnitude * magnitude
                }
                residual += (wanted - heard) * (wanted - heard)
                whole += wanted * wanted
            }
            for bin in 0..<bins {
                let (x, y) = (Double(found.values[bin * frames + frame]), Double(truth.values[bin * frames + frame]))
                apart += (x * x - y * y) * (x * x - y * y)
                power += y * y * y * y
            }
        }
        #expect((residual / whole).squareRoot() < 0.02)
        let expected = try librosa("mel_convergence")
        #expect((apart / power).squareRoot() < 1.1 * expected, "\((apart / power).squareRoot()), librosa \(expected)")
    }

    @Test func thePeakIsSetOnlyWhereItIsWantedOrNeeded() {
        #expect(PeakLevel.scaled([0, 0.1, -1], normalises: false) == [0, 0.1, -1])
        #expect(PeakLevel.scaled([0, 2, -1], normalises: false) == [0, 0.9, -0.45])
        #expect(
            PeakLevel.scaled([0, 0.5], normalises: true) == [0, 0.9] && PeakLevel.scaled([0], normalises: true) == [0])
    }
}
