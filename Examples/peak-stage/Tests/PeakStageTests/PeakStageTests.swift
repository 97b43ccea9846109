import SentioKit
import SentioTesting
import Testing

@testable import PeakStage

@Suite struct PeakStageTests {
    private let harness = StageHarness()

    private func waveform(_ samples: [Float]) -> [UInt8] {
        var bytes = Npy.float64([])
        let text = String(decoding: bytes[10...], as: UTF8.self).replacing("'<f8'", with: "'<f4'").replacing(
            "(0,)", with: "(\(samples.count),)")
        bytes = Array(bytes[..<10]) + Array(text.utf8.prefix(bytes.count - 10))
        return bytes + samples.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    }

    @Test func halfOfFullScaleIsSixDecibelsBelow() throws {
        let songs = harness.collection(.waveforms, ["a": waveform([0.25, -0.5, 0]), "b": waveform([0, 0])])
        let peaks = try harness.runItems(PeakStage.self, with: ["floor": -60], port: "waveforms", songs)
        let levels = try peaks.entries.map { entry in
            try harness.store.read(entry.blob).suffix(8).withUnsafeBytes {
                Double(bitPattern: $0.loadUnaligned(as: UInt64.self))
            }
        }
        #expect(abs(levels[0] + 6.0206) < 1e-3 && levels[1] == -60)
        #expect(peaks.attributes["columns"] == ["peak"])
    }

    @Test func whatIsNoWaveformIsASentence() {
        #expect(throws: StageFailure("The waveform is no .npy file.")) { try Npy.float32([1, 2, 3]) }
    }
}
