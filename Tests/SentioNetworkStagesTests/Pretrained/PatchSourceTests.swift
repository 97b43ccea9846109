import SentioNN
import SentioNumerics
import Testing

@testable import SentioNetworkStages

@Suite struct PatchSourceTests {
    /// Patch p of song s is [4, 3] of the number 10 s + p.
    private struct Numbers: PatchSongs {
        let ids = ["a", "b", "c"]
        let shape: Shape = [4, 3]
        func patchCount(of song: Int) -> Int { song + 1 }
        func put(
            _ patch: Int, of song: Int, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool
        ) {
            for index in target.indices {
                target[index] = share * Float(10 * song + patch) + (adding ? target[index] : 0)
            }
        }
        func putAny(
            of song: Int, gain: Double, share: Float, into target: UnsafeMutableBufferPointer<Float>, adding: Bool,
            _ random: inout Philox
        ) {
            put(random.nextInt(below: song + 1), of: song, share: share, into: target, adding: adding)
        }
    }

    private func source(patches: Int = 2, _ change: (inout Augmentation) -> Void = { _ in }) -> PatchSource {
        var augmentation = Augmentation()
        change(&augmentation)
        return PatchSource(
            songs: Numbers(), contexts: [0, 1, nil], contextCount: 2, targets: [0.1, 0.2, 0.3], weights: [1, 2, 3],
            dimensions: 1, patches: patches, augmentation: augmentation, mean: -7, seed: 5)
    }

    private func load(_ source: some TrainingSource, epoch: Int, _ position: Int) throws -> (x: [Float], y: Float) {
        var x = [Float](repeating: .nan, count: source.inputShape.count), y = [Float](repeating: .nan, count: 1)
        try x.withUnsafeMutableBufferPointer { x in
            try y.withUnsafeMutableBufferPointer { y in
                try source.load(epoch: epoch, position: position, input: x, target: y)
            }
        }
        return (x, y[0])
    }

    @Test func aSampleIsAPatchOfItsSongWithItsCollection() throws {
        let source = source(), places: [[Float]] = [[1, 0], [0, 1], [0, 0]], targets: [Float] = [0.1, 0.2, 0.3]
        #expect(source.count == 6 && source.inputShape == [14])
        var drawn: Set<Float> = []
        for epoch in 0..<20 {
            for position in 0..<6 {
                let (x, y) = try load(source, epoch: epoch, position), song = position % 3
                #expect(x[..<12].allSatisfy { $0 == x[0] } && Int(x[0]) / 10 == song)
                #expect(Array(x[12...]) == places[song])
                #expect(
                    y == targets[song] && source.weight(epoch: epoch, position: position) == Double(song + 1))
                drawn.insert(x[0])
                #expect(try load(source, epoch: epoch, position).x == x, "the same each time")
            }
        }
        #expect(drawn == [0, 10, 11, 20, 21, 22])
    }

    @Test func mixingMixesPatchTargetAndCollection() throws {
        let source = source { $0.mixing = .mixup }
        for position in 0..<6 {
            let (x, y) = try load(source, epoch: 3, position), song = position % 3
            let shares: [Float] = [x[12], x[13], 1 - x[12] - x[13]]
            let target: Float = 0.1 * shares[0] + 0.2 * shares[1] + 0.3 * shares[2]
            #expect(abs(y - target) < 1e-5)
            let weight = Double(shares[0] + 2 * shares[1] + 3 * shares[2])
            #expect(abs(source.weight(epoch: 3, position: position) - weight) < 1e-5)
            #expect(shares.count { abs($0) > 1e-6 } <= 2 && shares[song] >= 0)
            let numbers = 11 * shares[1] + 22 * shares[2]
            #expect(x[0] <= numbers + 1e-4 && x[0] >= numbers - shares[1] - 2 * shares[2] - 1e-4)
        }
    }

    @Test func masksAreTheMean() throws {
        let source = source { ($0.melMasks, $0.melMaskWidth, $0.frameMasks) = (1, 3, 0) }
        var widths: Set<Int> = []
        for epoch in 0..<30 {
            let x = try load(source, epoch: epoch, 1).x
            let columns: [[Float]] = (0..<3).map { (band: Int) in [x[band], x[3 + band], x[6 + band], x[9 + band]] }
            #expect(columns.allSatisfy { Set($0).count == 1 })
            widths.insert(columns.count { $0[0] == -7 })
        }
        #expect(widths == [0, 1, 2, 3])
        let frames = self.source { ($0.frameMasks, $0.frameMaskWidth, $0.melMasks) = (1, 4, 0) }
        for epoch in 0..<10 {
            let x = try load(frames, epoch: epoch, 1).x
            for frame in 0..<4 { #expect(Set(x[3 * frame..<3 * frame + 3]).count == 1) }
        }
    }

    @Test func aSongIsTheMeanOfItsPatches() throws {
        let source = PatchPredictionSource(songs: Numbers(), contexts: [0, nil, 1], contextCount: 2, dimensions: 1)
        #expect(source.count == 6 && source.songIndices == [0, 1, 1, 2, 2, 2])
        #expect(try load(source, epoch: 0, 4).x[0] == 21)
        #expect(Array(try load(source, epoch: 0, 4).x[12...]) == [0, 1])
        #expect(source.averaged([5, 1, 3, 1, 2, 6]) == [5, 2, 3])
    }
}
