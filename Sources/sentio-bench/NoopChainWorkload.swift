import Dispatch
import Foundation

/// A chain of command stages that has run before: the whole process, from start to exit, with nothing to do. Every run
/// reads the file, plans, looks at every output in the user's folder and records itself in the run store. The peers are
/// `dvc repro` and `snakemake` on the same chain.
enum NoopChainWorkload: Workload {
    static let name = "noop-chain"
    static let usage = "[--stages N] [--runs R] [--binary PATH]"

    static func run(_ options: Options) throws -> WorkloadResult {
        let stages = try options.integer("stages", default: 1000), runs = try options.integer("runs", default: 5)
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/sentio-pipeline"
        let binary = (try? options.text("binary")) ?? beside
        guard FileManager.default.isExecutableFile(atPath: binary) else {
            throw OptionError(description: "\(binary) is not there; build it (swift build -c release) or name it by --binary.")
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sentio-chain-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("out"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("0\n".utf8).write(to: folder.appendingPathComponent("in.txt"))
        var yaml = "stages:\n"
        for index in 0..<stages {
            let dep = index == 0 ? "in.txt" : "out/\(index - 1).txt"
            yaml += "  s\(index): { uses: command, cmd: cp \(dep) out/\(index).txt, deps: [\(dep)], outs: [out/\(index).txt] }\n"
        }
        try Data(yaml.utf8).write(to: folder.appendingPathComponent("chain.yaml"))
        let first = try time(binary, in: folder)
        let again = try (0..<runs).map { _ in try time(binary, in: folder) }.sorted()
        return WorkloadResult(numbers: [
            "stages": Double(stages), "first_seconds": first, "seconds": again[again.count / 2], "seconds_min": again[0],
        ])
    }

    private static func time(_ binary: String, in folder: URL) throws -> Double {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = ["run", "chain.yaml", "--quiet"]
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        // `waitUntilExit` looks only every 50 ms; the handler is called at once.
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        let clock = ContinuousClock()
        let start = clock.now
        try process.run()
        ended.wait()
        let elapsed = clock.now - start
        guard process.terminationStatus == 0 else {
            throw OptionError(description: "sentio-pipeline ended with exit code \(process.terminationStatus).")
        }
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    }
}
