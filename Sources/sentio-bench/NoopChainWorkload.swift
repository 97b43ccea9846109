import Foundation

/// A chain of up-to-date command stages: the whole process from start to exit, with nothing to do. Every run reads the
/// file, plans, checks every output in the user's folder and records itself in the run store. The counterparts are
/// `dvc repro` and `snakemake` on the same chain.
enum NoopChainWorkload: Workload {
    static let name = "noop-chain"
    static let usage = "[--stages N] [--runs R] [--binary PATH]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let stages = try options.integer("stages", default: 1000), runs = try options.integer("runs", default: 5)
        let binary = try TimedProcess.pipelineBinary(options), command = ["run", "chain.yaml", "--quiet"]
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sentio-chain-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("out"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("0\n".utf8).write(to: folder.appendingPathComponent("in.txt"))
        var yaml = "stages:\n"
        for index in 0..<stages {
            let dep = index == 0 ? "in.txt" : "out/\(index - 1).txt"
            yaml +=
                "  s\(index): { uses: command, cmd: cp \(dep) out/\(index).txt, deps: [\(dep)], outs: "
                + "[out/\(index).txt] }\n"
        }
        try Data(yaml.utf8).write(to: folder.appendingPathComponent("chain.yaml"))
        let first = try TimedProcess.seconds(binary, command, in: folder.path, runs: 1)[0]
        let again = try TimedProcess.seconds(binary, command, in: folder.path, runs: runs)
        return WorkloadResult(numbers: [
            "stages": Double(stages), "first_seconds": first, "seconds": again[again.count / 2],
            "seconds_min": again[0],
        ])
    }
}
