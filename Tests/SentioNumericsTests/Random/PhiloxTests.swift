import SentioNumerics
import Testing

@Suite struct PhiloxTests {
    /// Random123's `kat_vectors`, lines "philox4x32 10".
    @Test func knownAnswers() {
        let ones = UInt32.max
        #expect(
            Philox.block(counter: .zero, key: .zero) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        #expect(
            Philox.block(counter: SIMD4(ones, ones, ones, ones), key: SIMD2(ones, ones))
                == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        #expect(
            Philox.block(
                counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
                key: SIMD2(0xa409_3822, 0x299f_31d0))
                == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func wordsAreTheBlocksInOrder() {
        var generator = Philox(key: 0x299f_31d0_a409_3822, stream: 0x0370_7344_1319_8a2e)
        let words = (0..<8).map { _ in generator.nextUInt32() }
        let key = SIMD2<UInt32>(0xa409_3822, 0x299f_31d0)
        let first = Philox.block(counter: SIMD4(0, 0, 0x1319_8a2e, 0x0370_7344), key: key)
        let second = Philox.block(counter: SIMD4(1, 0, 0x1319_8a2e, 0x0370_7344), key: key)
        #expect(words == (0..<4).map { first[$0] } + (0..<4).map { second[$0] })
        var wide = Philox(key: generator.key, stream: generator.stream)
        #expect(wide.next() == UInt64(words[0]) | UInt64(words[1]) << 32)
    }

    @Test func streamsAndKeysDiffer() {
        let draws = [(1, 0), (1, 1), (2, 0)].map { key, stream -> UInt64 in
            var generator = Philox(key: UInt64(key), stream: UInt64(stream))
            return generator.next()
        }
        #expect(Set(draws).count == 3)
    }

    @Test func boundedNumbersAreEvenAndInRange() {
        var generator = Philox(key: 3)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[generator.nextInt(below: 6)] += 1 }
        // 5 standard deviations of a binomial count.
        #expect(counts.allSatisfy { ($0 - 10_000).magnitude < 460 })
        #expect(generator.nextInt(below: 1) == 0)
        let wide = 1 << 62
        #expect((0..<100).allSatisfy { _ in (0..<wide).contains(generator.nextInt(below: wide)) })
        // A bound of 3 x 2^30 throws a quarter of the words away; without the rejection the lowest third is favoured.
        let third = 1 << 30
        let low = (0..<30_000).count { _ in generator.nextInt(below: 3 * third) < third }
        #expect((low - 10_000).magnitude < 410)
    }

    @Test func normalNumbersHaveTheRightMoments() {
        var generator = Philox(key: 4)
        let draws = (0..<100_000).map { _ in generator.nextNormal() }
        let moment = { (power: Int) in
            draws.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / 100_000
        }
        #expect(moment(1).magnitude < 0.02)
        #expect((moment(2) - 1).magnitude < 0.03)
        #expect(moment(3).magnitude < 0.06)
        #expect((moment(4) - 3).magnitude < 0.2)
    }

    @Test func uniformDoublesStayBelowOne() {
        var generator = Philox(key: 5)
        let draws = (0..<10_000).map { _ in generator.nextDouble() }
        #expect(draws.allSatisfy { $0 >= 0 && $0 < 1 })
        #expect((draws.reduce(0, +) / 10_000 - 0.5).magnitude < 0.015)
    }

    @Test func shuffleGivesEachOrderEquallyOften() {
        var generator = Philox(key: 6)
        var counts: [[Int]: Int] = [:]
        for _ in 0..<24_000 { counts[generator.permutation(4), default: 0] += 1 }
        #expect(counts.count == 24)
        #expect(counts.values.allSatisfy { ($0 - 1000).magnitude < 160 })
    }
}

@Suite struct PhiloxGammaTests {
    /// Mean and variance of a gamma number are its shape, also below 1.
    @Test(arguments: [0.2, 0.5, 1, 3.5]) func momentsOfGamma(_ shape: Double) {
        var random = Philox(key: 11), sum = 0.0, squares = 0.0
        for _ in 0..<20_000 {
            let x = random.nextGamma(shape: shape)
            #expect(x >= 0)
            (sum, squares) = (sum + x, squares + x * x)
        }
        let mean = sum / 20_000, variance = squares / 20_000 - mean * mean
        #expect(
            abs(mean - shape) < 0.04 * max(1, shape) && abs(variance - shape) < 0.12 * max(1, shape),
            "\(mean) \(variance)")
    }

    /// Mean a / (a + b), variance ab / ((a + b)² (a + b + 1)).
    @Test(arguments: [(0.5, 0.5), (2, 3), (0.01, 0.01)]) func momentsOfBeta(_ a: Double, _ b: Double) {
        var random = Philox(key: 12), sum = 0.0, squares = 0.0
        for _ in 0..<20_000 {
            let x = random.nextBeta(a, b)
            #expect((0...1).contains(x))
            (sum, squares) = (sum + x, squares + x * x)
        }
        let mean = sum / 20_000, variance = squares / 20_000 - mean * mean
        #expect(
            abs(mean - a / (a + b)) < 0.02 && abs(variance - a * b / ((a + b) * (a + b) * (a + b + 1))) < 0.01,
            "\(mean) \(variance)")
    }
}
