import SentioKit
import SentioNN
import SentioNumerics
@testable import SentioNetworkStages
import Testing

@Suite struct GANSourceTests {
    /// Two songs of 200 frames whose values are the frame's number, in the range -1...1.
    private func source(crops: Int, seed: UInt64 = 3) throws -> GANSource {
        let songs = try ["a", "b"].map { id in
            let values = (0..<2 * 200).map { Float($0 % 200) / 200 }
            let bytes = MappedBytes(NpyFile.write(NpyArray(values, shape: [2, 200])))
            return try SongSpectrogram(song: id, bytes: bytes, port: "spectrograms")
        }
        return GANSource(
            songs: songs, targets: [0.5, -0.5], dimensions: 1, frames: 4, crops: crops,
            scaling: .range(DecibelRange(low: -1, high: 1)), seed: seed)
    }

    private func sample(_ source: GANSource, epoch: Int, position: Int) -> (input: [Float], target: Float) {
        var input = [Float](repeating: .nan, count: source.inputShape.count), target = [Float.nan]
        input.withUnsafeMutableBufferPointer { input in
            target.withUnsafeMutableBufferPointer {
                source.load(epoch: epoch, position: position, input: input, target: $0)
            }
        }
        return (input, target[0])
    }

    @Test func everyCropOfEveryEpochIsDrawnAnew() throws {
        let source = try source(crops: 4)
        let samples = (0..<3).flatMap { epoch in (0..<source.count).map { sample(source, epoch: epoch, position: $0) } }
        // 24 places among 197: a few may meet by chance.
        #expect(source.count == 8 && Set(samples.map(\.input)).count > 18)
        #expect(samples.prefix(8).map(\.target) == [0.5, 0.5, 0.5, 0.5, -0.5, -0.5, -0.5, -0.5])
        #expect(samples.allSatisfy { $0.input.allSatisfy { (-1...1).contains($0) } && $0.input[0] == $0.input[4] })
        #expect(sample(source, epoch: 2, position: 5) == samples[21])
    }
}
