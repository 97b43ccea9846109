@testable import SentioNN
import SentioNumerics
import Testing

@Suite struct AdversarialAugmentationTests {
    private let mels = 16
    private let frames = 24

    private func all() -> AdversarialAugmentation {
        var augmentation = AdversarialAugmentation()
        (augmentation.roll, augmentation.masks) = (9, 2)
        augmentation.gain = (0..<mels).map { 0.1 * Float($0 + 1) }
        return augmentation
    }

    private func numbers(_ seed: UInt64, count: Int) -> [Float] {
        var random = Philox(key: seed)
        return (0..<count).map { _ in Float(random.nextNormal()) }
    }

    private func batch(_ augmentation: AdversarialAugmentation, count: Int, seed: UInt64 = 3) -> AugmentedBatch {
        var random = Philox(key: seed)
        return AugmentedBatch(augmentation, count: count, mels: mels, frames: frames, &random)
    }

    private func applied(_ batch: AugmentedBatch, _ values: [Float]) -> [Float] {
        values.withUnsafeBufferPointer { batch.applied(to: $0) }
    }

    /// An augmentation is linear but for an offset, so its gradient is exact: the change of a weighted sum of what
    /// comes out, by differences, is what the transpose of the weights says.
    @Test func theGradientIsThatOfTheValues() {
        let count = 3, size = count * mels * frames, x = numbers(1, count: size), weights = numbers(2, count: size)
        let batch = batch(all(), count: count)
        let gradient = weights.withUnsafeBufferPointer { batch.transposed($0) }
        func sum(_ x: [Float]) -> Double {
            zip(applied(batch, x), weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        for index in stride(from: 0, to: size, by: 7) {
            var (above, below) = (x, x)
            above[index] += 0.5
            below[index] -= 0.5
            #expect(abs(sum(above) - sum(below) - Double(gradient[index])) < 1e-5, "\(index)")
        }
        #expect(gradient.contains(0), "masks")
    }

    @Test func aShiftIsCircularAndOfEachSampleItsOwn() {
        var augmentation = AdversarialAugmentation()
        augmentation.roll = 5
        let count = 40, row = (0..<frames).map(Float.init)
        let x = (0..<count * mels).flatMap { _ in row }, made = applied(batch(augmentation, count: count), x)
        let shifts = (0..<count).map { sample -> Int in
            let first = Int(made[sample * mels * frames])
            return first == 0 ? 0 : frames - first
        }
        for (sample, shift) in shifts.enumerated() {
            for band in 0..<mels {
                let start = (sample * mels + band) * frames
                #expect((0..<frames).allSatisfy { made[start + ($0 + shift) % frames] == row[$0] })
            }
        }
        let turned = shifts.map { $0 > frames / 2 ? $0 - frames : $0 }
        #expect(turned.allSatisfy { abs($0) <= 5 } && turned.min() ?? 0 < 0 && turned.max() ?? 0 > 0)
    }

    @Test func gainIsOneLevelForASampleAndMasksAreZero() {
        var augmentation = AdversarialAugmentation()
        augmentation.gain = (0..<mels).map { Float($0 + 1) }
        let zeros = [Float](repeating: 0, count: 20 * mels * frames), size = mels * frames
        let louder = applied(batch(augmentation, count: 20), zeros)
        for sample in 0..<20 {
            let level = louder[sample * size]
            #expect(abs(level) <= 1)
            for index in 0..<size {
                #expect(abs(louder[sample * size + index] - level * Float(index / frames + 1)) < 1e-5)
            }
        }
        augmentation.gain = []
        augmentation.masks = 1
        let ones = [Float](repeating: 1, count: 20 * size), masked = applied(batch(augmentation, count: 20), ones)
        let share = Float(masked.count { $0 == 0 }) / Float(ones.count)
        #expect(masked.allSatisfy { $0 == 0 || $0 == 1 } && share > 0 && share < 0.25)
    }

    @Test func theDefaultDoesNothing() {
        #expect(!AdversarialAugmentation().isOn && all().isOn)
        let x = numbers(4, count: 2 * mels * frames)
        #expect(applied(batch(AdversarialAugmentation(), count: 2), x) == x)
    }
}
