import SentioKit
import SentioRunStore

/// Recording 1,000 metrics of a running stage, from the first event until all are in the file, in a store that already
/// contains runs.
enum MetricsLogWorkload: Workload {
    static let name = "metrics-log"
    static let usage = "[--metrics N] [--count N] [--runs R]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let metrics = try options.integer("metrics", default: 1000), runs = try options.integer("runs", default: 21)
        let count = try options.integer("count", default: 200)
        let history = try SyntheticHistory()
        defer { history.remove() }
        for index in 0..<count { history.addRun(index) }
        let names = (0..<metrics).map { "test.group_\($0 % 7).metric_\($0)" }
        var times: [Double] = [], processor: [Double] = []
        for run in 0..<runs {
            let recorder = history.recorder()
            recorder.receive(.runStarted(SyntheticHistory.description(count + run, stages: ["score"])))
            recorder.receive(.stageStarted(StageStart(stage: "score", kind: "evaluate", reason: RunReason(.neverRun))))
            recorder.finish()
            let clock = ContinuousClock(), before = ProcessorTime.seconds
            let elapsed = clock.measure {
                for (index, name) in names.enumerated() {
                    recorder.receive(.metric(stage: "score", name: name, value: Double(index)))
                }
                recorder.finish()
            }
            processor.append(ProcessorTime.seconds - before)
            times.append(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
        }
        times.sort()
        return WorkloadResult(numbers: [
            "metrics": Double(metrics), "seconds": times[times.count / 2], "seconds_min": times[0],
            "processor_seconds": processor.sorted()[processor.count / 2], "processor_seconds_min": processor.min() ?? 0,
        ])
    }
}
