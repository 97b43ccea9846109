import Foundation
import Testing

/// A folder of its own with pipeline files and a workspace, and the real binary to run in it; gone when the test is
/// over.
final class CommandLineProject: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/sentio-cli-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// A copy of another project as it is now, cache and history included.
    init(copying other: CommandLineProject) throws {
        path = FileManager.default.temporaryDirectory.path + "/sentio-cli-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: other.path, toPath: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    // MARK: The binary

    /// `sentio-pipeline` as built beside the test bundle.
    static let binary: String = {
        #if os(macOS)
        let bundle = Bundle(for: CommandLineProject.self).bundleURL
        #else
        let bundle = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
        #endif
        return bundle.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("sentio-pipeline")
            .path
    }()

    /// Runs `sentio-pipeline` with these arguments in the folder, to its end.
    @discardableResult
    func sentio(
        _ arguments: String..., environment: [String: String] = [:], timeout: Double = 120,
        location: SourceLocation = #_sourceLocation
    ) throws -> CommandResult {
        try RunningCommand(Self.binary, arguments, in: path, environment: environment).finish(
            timeout: timeout, location: location)
    }

    /// Starts `sentio-pipeline` and returns at once.
    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> RunningCommand {
        try RunningCommand(Self.binary, arguments, in: path, environment: environment)
    }

    /// Starts a line of shell in the folder and returns at once; `$SENTIO` is the binary.
    func startShell(_ line: String) throws -> RunningCommand {
        try RunningCommand("/bin/bash", ["-c", line], in: path, environment: ["SENTIO": Self.binary])
    }

    /// Runs a line of shell in the folder; `$SENTIO` is the binary.
    @discardableResult
    func shell(_ line: String, timeout: Double = 120, location: SourceLocation = #_sourceLocation) throws
        -> CommandResult
    {
        let command = try RunningCommand("/bin/bash", ["-c", line], in: path, environment: ["SENTIO": Self.binary])
        return try command.finish(timeout: timeout, location: location)
    }

    // MARK: Files

    /// Writes a file, making the folders it stands in.
    func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

    func write(_ data: Data, to name: String) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }
    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }
    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).sorted()
    }

    /// Waits until something is so.
    /// - throws: where it is not within the deadline.
    static func wait(for what: String, seconds: Double = 60, until condition: () throws -> Bool) throws {
        let deadline = Date().addingTimeInterval(seconds)
        while try !condition() {
            guard Date() < deadline else { throw Overdue(what: what) }
            usleep(2_000)
        }
    }

    struct Overdue: Error, CustomStringConvertible {
        let what: String
        var description: String { "Waited in vain for \(what)." }
    }
}
