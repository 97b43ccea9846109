import Dispatch
import Foundation

/// Times whole processes from start to exit, discarding their output.
enum TimedProcess {
    /// The `sentio-pipeline` given by `--binary`, otherwise the one next to this program.
    static func pipelineBinary(_ options: Options) throws -> String {
        let beside =
            URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/sentio-pipeline"
        let binary = (try? options.text("binary")) ?? beside
        guard FileManager.default.isExecutableFile(atPath: binary) else {
            throw OptionError(
                description: "\(binary) does not exist; build it (swift build -c release) or give its path by --binary."
            )
        }
        return binary
    }

    /// - Returns: wall time of each run in seconds, sorted.
    static func seconds(_ binary: String, _ arguments: [String], in folder: String, runs: Int) throws -> [Double] {
        try (0..<runs).map { _ in try once(binary, arguments, in: folder) }.sorted()
    }

    private static func once(_ binary: String, _ arguments: [String], in folder: String) throws -> Double {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        // `waitUntilExit` polls every 50 ms; the handler is called at once.
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        let clock = ContinuousClock()
        let start = clock.now
        try process.run()
        ended.wait()
        let elapsed = clock.now - start
        guard process.terminationStatus == 0 else {
            throw OptionError(
                description: "`\(arguments.joined(separator: " "))` ended with exit code \(process.terminationStatus).")
        }
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    }
}
