import SentioNN
import SentioNumerics
import Testing

@Suite struct GradientNormTests {
    @Test func measuresAndClips() {
        let gradients = AlignedFloats(count: 35)
        (gradients.pointer[0], gradients.pointer[34]) = (3, -4)
        #expect(GradientNorm.measure(gradients) == 5)
        #expect(GradientNorm.scale(norm: 5, limit: 0) == 1 && GradientNorm.scale(norm: 5, limit: 6) == 1)
        #expect(abs(GradientNorm.scale(norm: 5, limit: 1) - 0.2) < 1e-6)
        gradients.pointer[7] = .nan
        #expect(GradientNorm.measure(gradients).isNaN)
    }
}
