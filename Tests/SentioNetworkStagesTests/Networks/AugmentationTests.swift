import SentioNumerics
@testable import SentioNetworkStages
import Testing

@Suite struct AugmentationTests {
    @Test func masksAreWholeBandsAndStretchesUpToTheirWidth() {
        var augmentation = Augmentation(), widest = (mels: 0, frames: 0)
        (augmentation.melMasks, augmentation.melMaskWidth, augmentation.frameMasks, augmentation.frameMaskWidth) = (
            1, 3, 1, 5
        )
        for seed in 0..<300 {
            var random = Philox(key: 3, stream: UInt64(seed)), sample = [Float](repeating: 1, count: 10 * 20)
            sample.withUnsafeMutableBufferPointer { augmentation.mask($0, mels: 10, frames: 20, &random) }
            let bands = (0..<10).filter { band in (0..<20).allSatisfy { sample[band * 20 + $0] == 0 } }
            let columns = (0..<20).filter { column in (0..<10).allSatisfy { sample[$0 * 20 + column] == 0 } }
            #expect(bands.isEmpty || bands.last! - bands.first! == bands.count - 1)
            #expect(columns.isEmpty || columns.last! - columns.first! == columns.count - 1)
            // What is 0 lies in a masked band or stretch.
            let masked = 20 * bands.count + 10 * columns.count - bands.count * columns.count
            #expect(sample.count { $0 == 0 } == masked)
            widest = (max(widest.mels, bands.count), max(widest.frames, columns.count))
        }
        #expect(widest == (3, 5))
    }

    @Test func aMaskIsNeverWiderThanTheSample() {
        var augmentation = Augmentation(), random = Philox(key: 1), sample = [Float](repeating: 1, count: 4)
        (augmentation.melMasks, augmentation.melMaskWidth, augmentation.frameMasks, augmentation.frameMaskWidth) = (
            9, 100, 9, 100
        )
        sample.withUnsafeMutableBufferPointer { augmentation.mask($0, mels: 2, frames: 2, &random) }
    }

    @Test func partnersOfCMixupAreNear() {
        var augmentation = Augmentation()
        (augmentation.mixing, augmentation.mixingBandwidth) = (.near, 0.1)
        let targets: [Float] = [0, 0.05, 0.1, 0.9, 1]
        var counts = [Int](repeating: 0, count: 5)
        for seed in 0..<2000 {
            var random = Philox(key: 3, stream: UInt64(seed))
            let partner = augmentation.partner(of: 0, targets: targets, dimensions: 1, &random)!
            counts[partner.position] += 1
            #expect((0...1).contains(partner.share))
        }
        // exp(-0.125) to exp(-0.5) by the kernel.
        #expect(counts[0] == 0 && counts[3] == 0 && counts[4] == 0)
        let share = Double(counts[1]) / 2000
        #expect(abs(share - 0.8825 / (0.8825 + 0.6065)) < 0.04, "\(counts)")
        // The one that is far from all has a partner all the same.
        var random = Philox(key: 4)
        augmentation.mixingBandwidth = 1e-3
        #expect(augmentation.partner(of: 3, targets: targets, dimensions: 1, &random) != nil)
    }

    @Test func partnersOfMixupAreAllOthersAlike() {
        var augmentation = Augmentation(), counts = [Int](repeating: 0, count: 4), random = Philox(key: 5)
        augmentation.mixing = .mixup
        for _ in 0..<3000 {
            counts[augmentation.partner(of: 2, targets: [0, 1, 2, 3], dimensions: 1, &random)!.position] += 1
        }
        #expect(counts[2] == 0 && counts.enumerated().allSatisfy { $0 == 2 || abs($1 - 1000) < 120 }, "\(counts)")
        #expect(augmentation.partner(of: 0, targets: [0], dimensions: 1, &random) == nil)
        augmentation.mixing = .none
        #expect(augmentation.partner(of: 0, targets: [0, 1], dimensions: 1, &random) == nil)
    }
}
