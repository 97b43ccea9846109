import Testing

@testable import SentioSpec
@testable import SentioSweep

@Suite struct SobolSequenceTests {
    @Test func pointsAreSciPys() {
        #expect(SobolSequence.maximumDimensions == SobolPoints.first.count)
        let sequence = SobolSequence(dimensions: SobolSequence.maximumDimensions)
        let points = (0..<64).map(sequence.point)
        for (dimension, digits) in SobolPoints.first.enumerated() {
            let ours = points.map { point in
                let number = String(Int(point[dimension] * 64), radix: 16)
                return number.count == 1 ? "0" + number : number
            }
            #expect(ours.joined() == digits, "dimension \(dimension)")
        }
        #expect(sequence.point(1000) == SobolPoints.thousandth)
    }

    /// The reader of a `sweep:` block bounds the parameters by what the sequence has dimensions for.
    @Test func asManyDimensionsAsASweepMayHaveParameters() {
        #expect(SobolSequence.maximumDimensions == SweepSpec.maximumSobolParameters)
    }

    /// Of 64 points each dyadic interval of that width holds one, shifted or not.
    @Test func everyIntervalHoldsOnePoint() {
        let sequence = SobolSequence(dimensions: 5, shift: [0, 1 << 31, 0xDEAD_BEEF, 12_345_678, .max])
        for dimension in 0..<5 { #expect(Set((0..<64).map { Int(sequence.point($0)[dimension] * 64) }).count == 64) }
    }
}
