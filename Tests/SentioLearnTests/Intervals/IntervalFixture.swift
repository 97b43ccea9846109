import SentioNumerics

/// What `tools/make_interval_fixtures.py` wrote.
struct IntervalFixture: Decodable {
    struct Quantile: Decodable {
        let count: Int
        let level: Double
        let value: Double?
    }
    struct Needed: Decodable {
        let level: Double
        let count: Int
    }
    struct Intervals: Decodable {
        let truth: [[Double]]
        let predictions: [[Double]]
        let points: [[Double]]
        let scaled: [Bool]
        let lower: [[Double]]
        let upper: [[Double]]
        let local: [Double]
    }
    struct Distances: Decodable {
        let train: [[Double?]]
        let songs: [[Double?]]
        let centers: [Double]
        let deviations: [Double]
        let overall: [Double]
        let largest: [Double]

        static func matrix(_ rows: [[Double?]]) -> Matrix { Matrix(rows.map { $0.map { $0 ?? .nan } }) }
    }

    let scores: [Double]
    let quantiles: [Quantile]
    let needed: [Needed]
    let intervals: Intervals
    let distances: Distances

    static func load() throws -> IntervalFixture { try Fixture.load("intervals") }
}
