import Foundation
import SentioNumerics
import Testing

struct FFTTests {
    /// Fixture: tools/make_audio_fixtures.py (numpy.fft.rfft).
    @Test func equalsNumPy() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/fft", withExtension: "npy"))
        let array = try NpyFile.read([UInt8](Data(contentsOf: url)))
        #expect(array.shape == [2, 190])
        let values = array.doubles
        let fft = RealFFT.shared(size: 94, count: 2)
        let real = AlignedFloats(count: 2 * fft.realStride)
        let spectrum = AlignedFloats(count: 2 * fft.complexStride)
        for row in 0..<2 {
            for i in 0..<94 { real.pointer[row * fft.realStride + i] = Float(values[row * 190 + i]) }
        }
        fft.forward(real, into: spectrum)
        for row in 0..<2 {
            for i in 0..<96 {
                #expect(abs(Double(spectrum.pointer[row * fft.complexStride + i]) - values[row * 190 + 94 + i]) < 1e-5)
            }
        }
        fft.inverse(spectrum, into: real)
        for row in 0..<2 {
            for i in 0..<94 {
                #expect(abs(Double(real.pointer[row * fft.realStride + i]) / 94 - values[row * 190 + i]) < 1e-6)
            }
        }
    }

    @Test func plansAreSharedBetweenThreads() async {
        let sums = await withTaskGroup(of: Float.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let fft = RealFFT.shared(size: 480, count: 3)
                    let real = AlignedFloats(count: 3 * fft.realStride)
                    let spectrum = AlignedFloats(count: 3 * fft.complexStride)
                    for i in 0..<real.count { real.pointer[i] = Float(i % 7) }
                    fft.forward(real, into: spectrum)
                    return (0..<spectrum.count).reduce(0) { $0 + abs(spectrum.pointer[$1]) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(sums).count == 1)
        #expect(RealFFT.shared(size: 480, count: 3) === RealFFT.shared(size: 480, count: 3))
    }
}
