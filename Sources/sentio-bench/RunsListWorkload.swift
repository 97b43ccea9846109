import SentioKit
import SentioRunStore

/// Listing and filtering 10,000 runs: whole processes of `sentio-pipeline runs list`, from start to exit. `--folder`
/// keeps the workspace for inspection and reuse.
enum RunsListWorkload: Workload {
    static let name = "runs-list"
    static let usage = "[--count N] [--runs R] [--binary PATH] [--folder DIR]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let count = try options.integer("count", default: 10_000), runs = try options.integer("runs", default: 9)
        let binary = try TimedProcess.pipelineBinary(options)
        let history = try SyntheticHistory(in: try? options.text("folder"))
        defer { history.remove() }
        try history.fill(to: count)
        let commands = [
            "newest": ["runs", "list"],
            "all": ["runs", "list", "--last", "0"],
            "all_json": ["runs", "list", "--last", "0", "--json"],
            "filter": ["runs", "list", "--last", "0", "--filter", "metrics.test.ccc > 0.5 and params.ratio = 1"],
            "sort": ["runs", "list", "--filter", "tags.owner = bench", "--sort", "metrics.test.valence.ccc desc"],
            "version": ["--version"],
        ]
        var numbers = ["runs": Double(count)]
        for (name, arguments) in commands {
            let seconds = try TimedProcess.seconds(binary, arguments, in: history.folder, runs: runs)
            numbers[name + "_seconds"] = seconds[seconds.count / 2]
            numbers[name + "_seconds_min"] = seconds[0]
        }
        return WorkloadResult(numbers: numbers)
    }
}
