import SentioKit
import SentioNumerics
@testable import SentioNetworkStages
import Testing

@Suite struct GeneratorScalingTests {
    /// Four bands around -60, -40, -20 and 0 dB that vary by 2, 4, 6 and 8 dB; the last one, if silent, not at all.
    private func songs(silent: Bool = false) throws -> [SongSpectrogram] {
        try (0..<8).map { index in
            var random = Philox(key: UInt64(index))
            let values = (0..<4 * 50).map { place -> Float in
                let band = place / 50
                if silent, band == 3 { return -80 }
                let mean = Double(20 * band - 60), deviation = Double(2 * (band + 1))
                return Float(mean + deviation * random.nextNormal())
            }
            let bytes = MappedBytes(NpyFile.write(NpyArray(values, shape: [4, 50])))
            return try SongSpectrogram(song: "song-\(index)", bytes: bytes, port: "spectrograms")
        }
    }

    private func scaled(_ scaling: GeneratorScaling, _ song: SongSpectrogram) -> [Float] {
        let source = GANSource(
            songs: [song], targets: [0], dimensions: 1, frames: 50, crops: 1, scaling: scaling, seed: 1)
        var values = [Float](repeating: .nan, count: 4 * 50)
        values.withUnsafeMutableBufferPointer { source.put(song, start: 0, into: $0) }
        return values
    }

    @Test func everyBandHasItsOwnMeanAndDeviation() throws {
        let scaling = BandScaling(try songs())
        for band in 0..<4 {
            #expect(abs(scaling.means[band] - (-60 + 20 * Double(band))) < 1.5)
            #expect(abs(scaling.deviations[band] / (2 * Double(band + 1)) - 1) < 0.15)
        }
        #expect(BandScaling(try songs(silent: true)).deviations[3] == 1, "a band that does not vary is not blown up")
    }

    @Test func whatIsScaledIsRestored() throws {
        let songs = try songs(),
            all: [GeneratorScaling] = [
                .range(DecibelRange(songs, tail: 0)), .bands(BandScaling(songs)),
            ]
        for scaling in all {
            let values = scaled(scaling, songs[0])
            var original = [Float](repeating: 0, count: 4 * 50)
            original.withUnsafeMutableBufferPointer {
                songs[0].put(0..<50, into: $0, width: 50, column: 0, scale: 1, shift: 0, adding: false)
            }
            let restored = values.withUnsafeBufferPointer { scaling.restored($0, frames: 50) }
            #expect(values.allSatisfy { (-1...1).contains($0) })
            for (place, value) in values.enumerated() where abs(value) < 1 {
                #expect(abs(restored[place] - original[place]) < 1e-3, "\(place)")
            }
            #expect(values.count { abs($0) < 1 } > 190, "three deviations clip few")
        }
        // One band's deviation is the same length on the scale as another's.
        let moments = scaled(all[1], songs[0]), low = moments[0..<50].map { abs($0) }.reduce(0, +)
        let high = moments[150..<200].map { abs($0) }.reduce(0, +)
        #expect(high / low > 0.6 && high / low < 1.7)
    }

    @Test func aModelKeepsItAndOlderModelsAreRead() throws {
        let bands = GeneratorScaling.bands(BandScaling(try songs()))
        let range = GeneratorScaling.range(DecibelRange(low: -80, high: 0))
        for scaling in [bands, range] {
            let entry = scaling.entry, text = JSON.text([entry.key: entry.value])
            #expect(GeneratorScaling(try JSON.parse(Array(text.utf8)), mels: 4) == scaling)
        }
        #expect(GeneratorScaling(["range": ["low": -80, "high": 0]], mels: 4) == range, "as version 1 wrote it")
        #expect(range.entry.key == "range" && bands.entry.key == "bands")
        #expect(GeneratorScaling([bands.entry.key: bands.entry.value], mels: 5) == nil)
        #expect(GeneratorScaling(["bands": ["means": [1, 2], "deviations": [1, 0], "reach": 3]], mels: 2) == nil)
        #expect(GeneratorScaling(["bands": ["means": [1, 2], "deviations": [1, 1], "reach": 4]], mels: 2) == nil)
        #expect(GeneratorScaling(nil, mels: 2) == nil)
    }
}
