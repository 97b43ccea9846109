import SentioLearn
import SentioNumerics
import SentioRunStore

@testable import SentioReport

/// Synthetic arms of known quality.
enum SyntheticArms {
    static let songs = (0..<60).map { "song\($0 < 10 ? "0" : "")\($0)" }

    /// - Parameters:
    ///   - gains: one per arm: 0 predicts the mean, 1 the rating.
    ///   - noise: standard deviation of the noise of each prediction.
    ///   - seedGain: standard deviation of the gain over seeds.
    static func arms(
        _ gains: [Double], replicates: Int = 1, noise: Double = 0.3, seedGain: Double = 0, doses: [Double]? = nil
    ) -> [Arm] {
        var generator = Philox(key: 11)
        let truths = (0..<2).map { _ in songs.map { _ in 5 + 1.2 * generator.nextNormal() } }
        let hard = songs.map { _ in 0.4 * generator.nextNormal() }
        return gains.enumerated().map { index, gain in
            let runs = (0..<replicates).map { number in
                let own = gain + seedGain * generator.nextNormal()
                let columns = zip(["valence", "arousal"], truths).map { dimension, truth in
                    ScoredColumn(
                        stage: "score", position: 3, set: "test", dimension: dimension, songs: songs, truth: truth,
                        predicted: zip(truth, hard).map { 5 + own * ($0 - 5) + $1 + noise * generator.nextNormal() })
                }
                return Arm.Replicate(run: "run\(index)-\(number)", number: number, columns: columns)
            }
            return Arm(label: "arm\(index)", runs: runs, dose: doses?[index])
        }
    }

    static func compare(_ arms: [Arm], baseline: Int = 0, metric: Metric = .ccc, resolution: Double = 0.01) throws
        -> ArmComparison
    {
        try ArmComparison(
            AlignedArms(arms), labels: arms.map(\.label), baseline: baseline, metric: metric, resolution: resolution,
            statistics: PairedComparison(resamples: 300, permutations: 300, seed: 1))
    }
}
