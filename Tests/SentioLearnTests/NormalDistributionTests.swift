import SentioLearn
import Testing

@Suite struct NormalDistributionTests {
    struct Content: Decodable {
        struct Normal: Decodable { let probability, quantile: [Double] }
        let normal: Normal
    }

    @Test func quantilesAreSciPys() throws {
        let normal = try Fixture.load("scalers", as: Content.self).normal
        for (probability, expected) in zip(normal.probability, normal.quantile) {
            let value = NormalDistribution.quantile(probability)
            #expect((value - expected).magnitude <= 1e-13 * max(1, expected.magnitude), "at \(probability)")
        }
    }

    @Test func endsAndOutside() {
        #expect(NormalDistribution.quantile(0) == -.infinity)
        #expect(NormalDistribution.quantile(1) == .infinity)
        #expect(NormalDistribution.quantile(-0.1).isNaN && NormalDistribution.quantile(.nan).isNaN)
        #expect(NormalDistribution.cumulative(0) == 0.5)
    }
}
