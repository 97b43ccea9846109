import SentioLearn
import SentioNumerics

/// Coverage of the 95 % intervals of a difference, and the false-positive rate of p < 0.05, for simulated models with a
/// known true difference. Seeds are fixed, so the numbers are the same everywhere. The goals are 93 to 97 % and 3 to 7
/// %.
///
/// Ratings are 5 + 1.2 z. The two models share half of their error. With replicates, every seed has its own gain,
/// common to all songs, and its own noise on every song.
enum IntervalCoverageWorkload: Workload {
    static let name = "interval-coverage"
    static let usage = "[--simulations N] [--resamples R]"

    /// A study design.
    private struct Study {
        let name: String
        let songs: Int
        let replicates: Int
        /// Standard deviation over seeds of the gain.
        let gain: Double
        /// Standard deviation of the noise of a seed on each song.
        let noise: Double
    }

    private static let studies = [
        Study(name: "songs50", songs: 50, replicates: 1, gain: 0, noise: 0.3),
        Study(name: "songs100", songs: 100, replicates: 1, gain: 0, noise: 0.3),
        Study(name: "songs174", songs: 174, replicates: 1, gain: 0, noise: 0.3),
        Study(name: "seeds3_noise", songs: 100, replicates: 3, gain: 0, noise: 0.3),
        Study(name: "seeds3_gain", songs: 100, replicates: 3, gain: 0.05, noise: 0.2),
        Study(name: "seeds5_noise", songs: 174, replicates: 5, gain: 0, noise: 0.3),
        Study(name: "seeds5_gain", songs: 174, replicates: 5, gain: 0.05, noise: 0.2),
    ]
    private static let metrics: [Metric] = [.r2, .ccc, .rmse, .pearson, .mae]

    static func run(_ options: Options) throws -> WorkloadResult {
        let simulations = try options.integer("simulations", default: 2000)
        let resamples = try options.integer("resamples", default: 1000)
        var numbers: [String: Double] = ["simulations": Double(simulations), "resamples": Double(resamples)]
        var coverages: [Double] = [], alarms: [Double] = []
        for (place, study) in studies.enumerated() {
            for (effect, better) in [("null", 0.0), ("effect", 0.08)] {
                let truth = try trueDifferences(study, better, stream: UInt64(place))
                var held = metrics.map { _ in 0 }, called = held
                for simulation in 0..<simulations {
                    var generator = Philox(key: 1000 + UInt64(place), stream: UInt64(simulation))
                    let made = draw(study, better, &generator)
                    let comparison = try PairedComparison(
                        resamples: resamples, permutations: resamples, seed: UInt64(simulation))
                    let found = try comparison.differences(truth: made.truth, first: made.first, second: made.second)
                    for (index, metric) in metrics.enumerated() {
                        guard let difference = found[metric] else { continue }
                        if difference.interval.lower <= truth[index], truth[index] <= difference.interval.upper {
                            held[index] += 1
                        }
                        if difference.p < 0.05 { called[index] += 1 }
                    }
                }
                for (index, metric) in metrics.enumerated() {
                    let coverage = Double(held[index]) / Double(simulations),
                        rate = Double(called[index]) / Double(simulations)
                    numbers["\(study.name).\(effect).\(metric.rawValue).coverage"] = coverage
                    coverages.append(coverage)
                    numbers["\(study.name).\(effect).\(metric.rawValue).\(better == 0 ? "false_alarm" : "power")"] =
                        rate
                    if better == 0 { alarms.append(rate) }
                }
            }
        }
        numbers["coverage_min"] = coverages.min()
        numbers["coverage_max"] = coverages.max()
        numbers["coverage_mean"] = coverages.reduce(0, +) / Double(coverages.count)
        numbers["false_alarm_min"] = alarms.min()
        numbers["false_alarm_max"] = alarms.max()
        numbers["false_alarm_mean"] = alarms.reduce(0, +) / Double(alarms.count)
        return WorkloadResult(numbers: numbers)
    }

    /// Estimated from 200 seeds on 20,000 songs. Without replicates the models are fixed, and only songs vary.
    private static func trueDifferences(_ study: Study, _ better: Double, stream: UInt64) throws -> [Double] {
        // Without an effect the models have the same distribution, so the difference is exactly 0.
        if better == 0 { return metrics.map { _ in 0 } }
        var sums = metrics.map { _ in 0.0 }
        let large = Study(name: study.name, songs: 20_000, replicates: 10, gain: study.gain, noise: study.noise)
        for part in 0..<20 {
            var generator = Philox(key: 7 + stream, stream: 1 << 40 + UInt64(part))
            let made = draw(large, better, &generator)
            for (first, second) in zip(made.first, made.second) {
                let one = try RegressionScore(truth: made.truth, prediction: first)
                let two = try RegressionScore(truth: made.truth, prediction: second)
                for (index, metric) in metrics.enumerated() { sums[index] += (two[metric] - one[metric]) / 200 }
            }
        }
        return sums
    }

    private static func draw(
        _ study: Study, _ better: Double, _ generator: inout Philox
    ) -> (truth: [Double], first: [[Double]], second: [[Double]]) {
        let z = (0..<study.songs).map { _ in generator.nextNormal() }
        let shared = z.map { _ in 0.3 * generator.nextNormal() }
        func model(_ gain: Double) -> [[Double]] {
            let own = z.map { _ in 0.2 * generator.nextNormal() }
            return (0..<study.replicates).map { _ in
                let gain = gain + study.gain * generator.nextNormal()
                return z.indices.map {
                    5 + 1.2 * (gain * z[$0] + shared[$0] + own[$0] + study.noise * generator.nextNormal())
                }
            }
        }
        return (z.map { 5 + 1.2 * $0 }, model(0.55), model(0.55 + better))
    }
}
