import SentioLearn

/// `tools/make_comparison_fixtures.py`: SciPy and NumPy.
struct ComparisonFixture: Decodable {
    struct Exact: Decodable {
        let truth, first, second: [Double]
        let p: [String: Double]
    }
    struct Resampled: Decodable {
        struct Numbers: Decodable { let interval, scipy: [Double] }
        let seed: UInt64
        let draws: Int
        let truth, first, second: [Double]
        let metrics: [String: Numbers]
    }
    struct Swaps: Decodable {
        let seed: UInt64
        let permutations: Int
        let truth, first, second: [Double]
        let p: [String: Double]
    }
    struct Replicates: Decodable {
        struct Numbers: Decodable {
            let songs, seeds, interaction, total, p, seedHalfWidth: Double
            let interval: [Double]
        }
        let truth: [Double]
        let first, second: [[Double]]
        let metrics: [String: Numbers]
    }
    struct Dose: Decodable {
        let seed: UInt64
        let draws: Int
        let doses, truth: [Double]
        let arms: [[[Double]]]
        let shares, means: [Double]
    }
    struct Student: Decodable { let t, degrees, cumulative, twoSided: Double }
    struct Quantile: Decodable { let probability, degrees, quantile: Double }
    struct Holm: Decodable { let p, adjusted: [Double] }

    let exact: [Exact]
    let bootstrap: Resampled
    let swaps: Swaps
    let replicates: [Replicates]
    let dose: Dose
    let student: [Student]
    let quantiles: [Quantile]
    let holm: Holm

    static func load() throws -> ComparisonFixture { try Fixture.load("comparison") }
}
