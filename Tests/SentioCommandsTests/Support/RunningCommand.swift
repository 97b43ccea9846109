import Dispatch
import Foundation
import Testing

/// A process with empty standard input whose output goes to files, so that nothing is lost and no pipe can fill.
final class RunningCommand {
    let process = Process()
    private let folder: URL
    private let ended = DispatchSemaphore(value: 0)

    init(_ program: String, _ arguments: [String], in directory: String, environment: [String: String]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sentio-out-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        var variables = ProcessInfo.processInfo.environment
        for name in ["NO_COLOR", "SENTIO_ARTIFACTS", "TERM", "COLUMNS"] { variables[name] = nil }
        process.environment = variables.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        let out = try Self.file(folder.appendingPathComponent("out")),
            err = try Self.file(folder.appendingPathComponent("err"))
        process.standardOutput = out
        process.standardError = err
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
        // Foundation keeps what ran, and reads beyond its buffer when it starts a process beside some 1,350 open files.
        try out.close()
        try err.close()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    private static func file(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    /// What it has written so far.
    var output: String { text("out") }
    var errors: String { text("err") }

    private func text(_ name: String) -> String {
        String(decoding: (try? Data(contentsOf: folder.appendingPathComponent(name))) ?? Data(), as: UTF8.self)
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for the end.
    /// - throws: where it takes longer than the time limit; the process is killed then.
    func finish(timeout: Double = 120, location: SourceLocation = #_sourceLocation) throws -> CommandResult {
        if ended.wait(timeout: .now() + timeout) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            Issue.record(
                "It took longer than \(timeout) s: \(process.arguments ?? [])\n\(errors)", sourceLocation: location)
            throw CommandLineProject.Overdue(what: "the end of \(process.arguments ?? [])")
        }
        let wasKilled = process.terminationReason == .uncaughtSignal
        return CommandResult(exitCode: process.terminationStatus, wasKilled: wasKilled, output: output, errors: errors)
    }
}
