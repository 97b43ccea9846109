import SentioKit
import SentioNN
import SentioNumerics
@testable import SentioNetworkStages
import Testing

@Suite struct SpectrogramSourceTests {
    private func song(_ id: String, _ values: [Float], frames: Int, offset: Int = 0) throws -> SongSpectrogram {
        try SongSpectrogram(
            song: id, bytes: MappedBytes(NpyFile.write(NpyArray(values, shape: [values.count / frames, frames]))),
            port: "spectrograms")
    }

    /// Two bands; band b, frame f of song s holds 100 s + 10 b + f, where frames go round from `turn`.
    private func values(_ frames: Int, song: Int = 0, turn: Int = 0) -> [Float] {
        (0..<2 * frames).map { (index: Int) -> Float in
            let band = index / frames, frame = (index % frames - turn + frames) % frames
            return Float(100 * song + 10 * band + frame)
        }
    }

    private func songs(_ frames: [Int]) throws -> [SongSpectrogram] {
        try frames.enumerated().map { index, frames in
            try song("s\(index)", values(frames, song: index), frames: frames)
        }
    }

    private func source(
        _ songs: [SongSpectrogram], frames: Int, seed: UInt64 = 1, _ change: (inout Augmentation) -> Void = { _ in }
    )
        -> SpectrogramSource
    {
        var augmentation = Augmentation()
        change(&augmentation)
        return SpectrogramSource(
            songs: songs, targets: songs.indices.flatMap { [Float($0), Float(-$0)] },
            weights: songs.indices.map { 1 + Double($0) },
            dimensions: 2, frames: frames, scaling: .dataset(mean: 0, deviation: 1), augmentation: augmentation,
            seed: seed)
    }

    private func sample(_ source: SpectrogramSource, epoch: Int, position: Int) -> (input: [Float], target: [Float]) {
        var input = [Float](repeating: .nan, count: source.inputShape.count),
            target = [Float](repeating: .nan, count: 2)
        input.withUnsafeMutableBufferPointer { input in
            target.withUnsafeMutableBufferPointer {
                source.load(epoch: epoch, position: position, input: input, target: $0)
            }
        }
        return (input, target)
    }

    @Test func equalArgumentsGiveEqualSamplesInAnyOrder() throws {
        let source = source(try songs([9, 7, 5, 9]), frames: 6) {
            ($0.mixing, $0.roll, $0.gain, $0.frameMasks, $0.frameMaskWidth) = (.near, 3, 2, 1, 2)
            ($0.melMasks, $0.melMaskWidth) = (1, 1)
        }
        let first = (0..<4).flatMap { epoch in (0..<4).map { sample(source, epoch: epoch, position: $0).input } }
        let second = (0..<4).reversed().flatMap { epoch in
            (0..<4).reversed().map { sample(source, epoch: epoch, position: $0).input }
        }
        #expect(first == second.reversed())
        #expect(Set(first).count == 16, "no two epochs and songs are alike")
        #expect(
            sample(self.source(source.songs, frames: 6, seed: 2) { $0.roll = 3 }, epoch: 0, position: 0).input
                != first[0])
    }

    @Test func cropsAreConsecutiveFramesFromEverywhere() throws {
        let source = source(try songs([9]), frames: 4)
        var starts: Set<Float> = []
        for epoch in 0..<60 {
            let (input, target) = sample(source, epoch: epoch, position: 0)
            let expected = values(4).map { $0 + input[0] }
            #expect(input == expected)
            #expect(target == [0, 0])
            starts.insert(input[0])
        }
        #expect(starts == Set((0...5).map { Float($0) }))
    }

    @Test func shortSongsArePaddedWithTheMean() throws {
        var source = source(try songs([3]), frames: 5)
        #expect(sample(source, epoch: 0, position: 0).input == [0, 1, 2, 0, 0, 10, 11, 12, 0, 0])
        source = SpectrogramSource(
            songs: source.songs, targets: [0, 0], weights: [1], dimensions: 2, frames: 5,
            scaling: .dataset(mean: 1, deviation: 2),
            augmentation: Augmentation(), seed: 1)
        #expect(sample(source, epoch: 0, position: 0).input == [-0.5, 0, 0.5, 0, 0, 4.5, 5, 5.5, 0, 0])
    }

    @Test func aTurnedSampleHasTheSameFrames() throws {
        let source = source(try songs([6]), frames: 6) { $0.roll = 4 }
        var turns: Set<Int> = []
        for epoch in 0..<60 {
            let input = sample(source, epoch: epoch, position: 0).input
            let first = try #require(input.firstIndex(of: 0))
            #expect(input == values(6, turn: first))
            turns.insert(first)
        }
        #expect(turns == [0, 1, 2, 3, 4, 5])
    }

    @Test func gainShiftsEveryValueByDecibels() throws {
        let source = source(try songs([6]), frames: 6) { $0.gain = 3 }
        let gains = (0..<60).map { epoch -> Float in
            let input = sample(source, epoch: epoch, position: 0).input
            let distance = zip(input, values(6)).map { abs($0 - $1 - input[0]) }.max() ?? 0
            #expect(distance < 1e-4)
            return input[0]
        }
        #expect(gains.allSatisfy { abs($0) <= 3 } && gains.contains { $0 > 1 } && gains.contains { $0 < -1 })
    }

    @Test func mixedSamplesHaveMixedRatingsAndWeights() throws {
        let source = source(try songs([4, 4, 4]), frames: 4) { $0.mixing = .mixup }
        for epoch in 0..<20 {
            let (input, target) = sample(source, epoch: epoch, position: 0)
            // Song 0 begins with 0, song s with 100 s: value, rating and weight tell the same share.
            #expect(abs(input[0] / 100 - target[0]) < 1e-4 && target[1] == -target[0])
            let weight = source.weight(epoch: epoch, position: 0)
            #expect(abs(weight - 1 - Double(target[0])) < 1e-4)
        }
    }

    @Test func evenCropsReachFromStartToEnd() {
        #expect(CropSource.starts(length: 10, frames: 4, count: 3) == [0, 3, 6])
        #expect(CropSource.starts(length: 10, frames: 4, count: 1) == [3])
        #expect(CropSource.starts(length: 5, frames: 4, count: 9) == [0, 1])
        #expect(
            CropSource.starts(length: 4, frames: 4, count: 9) == [0]
                && CropSource.starts(length: 2, frames: 4, count: 9) == [0])
    }

    @Test func aSongsPredictionIsTheMeanOverItsCrops() throws {
        let source = CropSource(songs: try songs([8, 3]), dimensions: 2, frames: 4, crops: 2, scaling: .clip)
        #expect(source.count == 3)
        #expect(source.averaged([1, 10, 3, 20, 7, 8]) == [2, 15, 7, 8])
    }

    @Test func aFileOffItsBoundaryIsReadToo() throws {
        // A header of 71 bytes, as a program may write that does not pad.
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        let header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }".utf8) + [0x20, 0x0A]
        bytes += [UInt8(header.count), 0] + header
        #expect(bytes.count % 4 != 0)
        for value in [1, 2, 3] as [Float] { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 } }
        let spectrogram = try SongSpectrogram(song: "a", bytes: MappedBytes(bytes), port: "spectrograms")
        #expect(spectrogram.frames == 3 && spectrogram.moments == .init(count: 3, sum: 6, squares: 14))
    }
}
