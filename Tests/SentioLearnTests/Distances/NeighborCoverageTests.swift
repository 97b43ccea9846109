import SentioLearn
import SentioNumerics
import Testing

@Suite struct NeighborCoverageTests {
    @Test func valuesAreThoseOfTheDefinition() throws {
        for expected in try FrechetFixture.load() {
            let (first, second) = (Matrix(expected.first), Matrix(expected.second))
            let found = NeighborCoverage(of: second, among: first)
            #expect((found.density - expected.density).magnitude < 1e-12)
            #expect((found.coverage - expected.coverage).magnitude < 1e-12)
            #expect((NeighborCoverage.meanDistance(first) - expected.meanDistance).magnitude < 1e-9)
        }
    }

    /// Noise of ten times the spread has a large mean distance, but covers nothing.
    @Test func noiseIsNotCoverage() {
        let references = normalTable(40, 16, stream: 1)
        var noise = normalTable(40, 16, stream: 2)
        noise.withUnsafeMutableValues { values in for index in values.indices { values[index] *= 10 } }
        let found = NeighborCoverage(of: noise, among: references)
        #expect(found.coverage == 0 && found.density == 0)
        #expect(NeighborCoverage.meanDistance(noise) > 5 * NeighborCoverage.meanDistance(references))
        #expect(NeighborCoverage(of: normalTable(40, 16, stream: 3), among: references).coverage > 0.6)
    }
}
