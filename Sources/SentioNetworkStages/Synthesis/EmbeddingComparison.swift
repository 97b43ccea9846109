import SentioLearn
import SentioNumerics

/// Synthetic and real vectors compared at equal numbers: half of the real ones with as many synthetic ones, and with
/// the other half.
struct EmbeddingComparison {
    /// Items x values.
    let references: Matrix
    let made: Matrix
    /// Items on each side of a comparison: at most half of the references, and at most all of the synthetic ones.
    let count: Int
    let neighbors: Int
    let method: CovarianceEstimate.Method

    /// The figures of one random draw, by metric.
    /// - throws: `LearnError`, `LinearAlgebraError`.
    func measure(seed: Int, draw: Int) throws -> [String: Double] {
        var random = Philox(key: UInt64(bitPattern: Int64(seed)) ^ 0xF2EC_0000, stream: UInt64(draw))
        let order = random.permutation(references.rows), drawn = random.permutation(made.rows)
        let songs = references.selecting(rows: Array(order[..<count]))
        let others = references.selecting(rows: Array(order[count..<2 * count]))
        let synthetic = made.selecting(rows: Array(drawn[..<count]))
        let target = try CovarianceEstimate(songs, method: method)
        func distance(_ rows: Matrix) throws -> Double {
            try FrechetDistance.squared(target, try CovarianceEstimate(rows, method: method))
        }
        let (synthetics, reals) = (try distance(synthetic), try distance(others))
        let covered = NeighborCoverage(of: synthetic, among: songs, neighbors: neighbors)
        let expected = NeighborCoverage(of: others, among: songs, neighbors: neighbors)
        let spread = NeighborCoverage.meanDistance(songs)
        return [
            "frechet.synthetic": synthetics, "frechet.real": reals, "frechet.excess": synthetics - reals,
            "coverage.synthetic": covered.coverage, "coverage.real": expected.coverage,
            "density.synthetic": covered.density, "density.real": expected.density,
            "diversity": spread > 0 ? NeighborCoverage.meanDistance(synthetic) / spread : 0,
        ]
    }

    /// The mean of each figure, and for the distances the standard deviation over the draws.
    static func means(of draws: [[String: Double]]) -> [String: Double] {
        var found: [String: Double] = [:]
        let count = Double(max(1, draws.count))
        for name in draws.first?.keys.sorted() ?? [] {
            let values = draws.compactMap { $0[name] }, mean = values.reduce(0, +) / count
            found[name] = mean
            guard name.hasPrefix("frechet.") else { continue }
            found[name + ".deviation"] =
                (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)).squareRoot()
        }
        return found
    }
}
