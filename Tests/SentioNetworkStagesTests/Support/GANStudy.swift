import SentioKit
import SentioNumerics
import SentioTesting

@testable import SentioNetworkStages

/// Sixteen-band spectrograms in dB whose level and tilt determine their ratings, as `mel-extract` describes them.
struct GANStudy {
    let harness: StageHarness
    var study: SpectrogramStudy

    static let tiny: [String: Value] = [
        "frames": 16, "dim": 8, "noise": 4, "batch": 4, "epochs": 3, "samples": 8, "loss": "hinge", "norm": "spectral",
        "conditioning": "projection", "ema": 0.9, "instance_noise": 0.1, "critic_steps": 2,
    ]
    static let attributes: [String: Value] = [
        "n_mels": 16, "n_fft": 512, "hop_length": 128, "fmin": 20, "fmax": 4000, "sample_rate": 8000, "reference": 1,
        "top_db": 80,
        "normalisation": "none", "frames": 0,
    ]

    init(_ harness: StageHarness, count: Int = 16, frames: (Int) -> Int = { 17 + 3 * ($0 % 4) }) throws {
        self.harness = harness
        study = try SpectrogramStudy(harness, count: count)
        study.spectrograms.attributes = Self.attributes
        for (index, id) in study.ids.enumerated() {
            let level = Float(index * 37 % 41) / 20 - 1, tilt = Float(index * 17 % 29) / 14 - 1
            var random = Philox(key: UInt64(index))
            let values = (0..<16 * frames(index)).map { place in
                -30 + 10 * level + 10 * tilt * (Float(place / frames(index)) - 7.5) / 8 + Float(random.nextNormal())
            }
            study.replace(id, NpyFile.write(NpyArray(values, shape: [16, frames(index)])))
        }
    }

    func train(
        _ more: [String: Value] = [:], seed: UInt64 = 7, services: (any StageServices)? = nil
    ) throws -> [String: Manifest] {
        try harness.run(
            GANTrainStage.self, with: Self.tiny.merging(more) { $1 }, inputs: study.inputs, seed: seed,
            services: services)
    }
}
