import SentioNumerics

/// Reads the JSON that `tools/make_frechet_fixtures.py` wrote.
struct FrechetFixture: Decodable {
    struct Case: Decodable {
        let first, second, covariance: [[Double]]
        let shrinkage: [Double]
        let shrunkDistance, sampleDistance, density, coverage, meanDistance: Double
    }

    let cases: [Case]

    static func load() throws -> [Case] { try Fixture.load("frechet", as: FrechetFixture.self).cases }
}
