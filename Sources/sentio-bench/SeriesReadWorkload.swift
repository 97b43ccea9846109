import SentioKit
import SentioRunStore

/// Reading 100 runs with 10 curves of 10,000 steps each, at the resolution of a chart (500 buckets per curve) and in
/// full.
enum SeriesReadWorkload: Workload {
    static let name = "series-read"
    static let usage = "[--count N] [--series N] [--steps N] [--runs R]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let count = try options.integer("count", default: 100), series = try options.integer("series", default: 10)
        let steps = try options.integer("steps", default: 10_000), runs = try options.integer("runs", default: 5)
        let history = try SyntheticHistory()
        defer { history.remove() }
        let clock = ContinuousClock()
        let writing = clock.measure {
            for index in 0..<count { history.addCurves(index, series: series, steps: steps) }
        }
        let ids = (0..<count).map { SyntheticHistory.description($0).id }
        func seconds(_ duration: Duration) -> Double {
            Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        }
        var buckets = 0
        let reading = try (0..<runs).map { _ in
            seconds(
                try clock.measure { buckets = try history.store.series(runs: ids).reduce(0) { $0 + $1.buckets.count } })
        }.sorted()
        let exact = try clock.measure {
            for id in ids.prefix(10) {
                for number in 0..<series {
                    _ = try history.store.series(run: id, stage: "train", name: "loss_\(number)")
                }
            }
        }
        return WorkloadResult(numbers: [
            "curves": Double(count * series), "points": Double(count * series * steps), "buckets": Double(buckets),
            "write_seconds": seconds(writing), "seconds": reading[reading.count / 2], "seconds_min": reading[0],
            "exact_seconds_per_million": seconds(exact) / Double(min(10, count) * series * steps) * 1e6,
        ])
    }
}
