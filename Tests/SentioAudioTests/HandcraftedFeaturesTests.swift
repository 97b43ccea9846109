import Foundation
import SentioAudio
import SentioNumerics
import Testing

/// Fixtures: tools/make_audio_fixtures.py (librosa 0.11).
struct HandcraftedFeaturesTests {
    @Test func namesAreTheContract() {
        let names = HandcraftedFeatures.names
        #expect(names.count == 164 && Set(names).count == 164)
        #expect(names[0] == "mfcc_1_mean" && names[3] == "mfcc_1_max" && names[52] == "spectral_centroid_mean")
        #expect(
            HandcraftedFeatures.descriptors[23...28]
                == ["zero_crossing_rate", "rms", "rms_delta", "spectral_flatness", "onset_strength", "tempo"])
    }

    @Test(arguments: ["signal", "short", "tone"])
    func featuresEqualLibrosa(clip: String) throws {
        let samples =
            clip == "tone"
            ? TestSignal.tone() : clip == "short" ? Array(TestSignal.sweep().prefix(500)) : TestSignal.sweep()
        let features = try HandcraftedFeatures().compute(samples)
        let all = try JSONDecoder().decode([String: [Double]].self, from: Data(TestSignal.bytes("features.json")))
        let reference = try #require(all[clip])
        #expect(reference.count == 164)
        for (index, name) in HandcraftedFeatures.names.enumerated() {
            let (found, wanted) = (features[index], reference[index])
            #expect(abs(found - wanted) <= 1e-3 * abs(wanted) + 1e-4, "\(clip) \(name): \(found) instead of \(wanted)")
        }
    }

    @Test func framesEqualLibrosa() throws {
        let rows = try HandcraftedFeatures().frames(TestSignal.sweep())
        let reference = try TestSignal.array("signal.rows.npy")
        #expect([rows.bands, rows.frames] == reference.shape)
        let wanted = reference.floats
        for row in 0..<rows.bands {
            let values = wanted[(row * rows.frames)..<((row + 1) * rows.frames)]
            let size = values.reduce(0) { max($0, abs($1)) }
            var worst: Float = 0
            for i in values.indices { worst = max(worst, abs(rows.values[i] - wanted[i])) }
            #expect(
                worst <= 1e-3 * size, "\(HandcraftedFeatures.descriptors[row]) differs by \(worst) at a size of \(size)"
            )
        }
    }

    @Test(arguments: [1, 100, 513, 2048, 20_000])
    func silenceIsFinite(count: Int) throws {
        let features = try HandcraftedFeatures().compute([Float](repeating: 0, count: count))
        #expect(features.allSatisfy { $0.isFinite })
        let byName = Dictionary(uniqueKeysWithValues: zip(HandcraftedFeatures.names, features))
        #expect(byName["rms_max"] == 0 && byName["spectral_centroid_mean"] == 0)
        #expect(abs((byName["spectral_flatness_mean"] ?? 0) - 1) < 1e-4)
        #expect(byName["onset_strength_max"] == 0 && byName["chroma_1_max"] == 0)
    }

    @Test func aWorkspaceLeavesNoTraceOfTheClipBefore() throws {
        let features = try HandcraftedFeatures()
        let first = try features.compute(TestSignal.tone())
        _ = try features.compute(TestSignal.sweep())
        _ = try features.compute([1])
        #expect(try features.compute(TestSignal.tone()) == first)
    }

    @Test(arguments: [(16_000, 2048, 512), (44_100, 4096, 1000), (48_000, 8192, 333), (22_050, 2048, 2048)])
    func otherSettingsGiveFiniteValues(sampleRate: Int, fftSize: Int, hop: Int) throws {
        let settings = HandcraftedFeatures.Settings(sampleRate: sampleRate, fftSize: fftSize, hopLength: hop)
        #expect(try HandcraftedFeatures(settings).compute(TestSignal.sweep()).allSatisfy { $0.isFinite })
    }
}
