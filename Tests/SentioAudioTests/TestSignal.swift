import Foundation
import SentioNumerics
import Testing

/// The signals of tools/make_audio_fixtures.py, by the same formulas.
enum TestSignal {
    static func sweep(count: Int = 33_075, rate: Double = 22_050) -> [Float] {
        var state: UInt32 = 12_345
        return (0..<count).map { i in
            state = state &* 1_664_525 &+ 1_013_904_223
            let noise = Double(state >> 8) / 8_388_608 - 1
            let t = Double(i) / rate
            var x = 0.4 * sin(2 * Double.pi * (220 * t + 300 * t * t))
            x += 0.2 * sin(2 * Double.pi * 1760 * t) * Double(i / 5512 % 2)
            return Float(x + 0.05 * noise)
        }
    }

    static func tone() -> [Float] {
        (0..<44_100).map {
            (15_000..<30_000).contains($0) ? 0 : Float(0.5 * sin(2 * Double.pi * 440 * Double($0) / 22_050))
        }
    }

    /// 16-bit PCM WAV; `declaredBytes` overrides the size the data chunk claims.
    static func wav(_ samples: [Float], channels: Int = 1, rate: Int = 22_050, declaredBytes: Int? = nil) -> [UInt8] {
        func little(_ value: Int, _ bytes: Int) -> [UInt8] {
            (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let data = samples.flatMap { little(Int(($0 * 32_767).rounded()), 2) }
        let size = declaredBytes ?? data.count
        return Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
            + little(channels, 2) + little(rate, 4) + little(rate * channels * 2, 4) + little(channels * 2, 2)
            + little(16, 2) + Array("data".utf8) + little(size, 4) + data
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil))
        return [UInt8](try Data(contentsOf: url))
    }

    static func array(_ name: String) throws -> NpyArray { try NpyFile.read(bytes(name)) }
}
