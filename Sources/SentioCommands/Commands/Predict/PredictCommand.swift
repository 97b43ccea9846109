import ArgumentParser
import Foundation
import SentioBase
import SentioEngine
import SentioKit
import SentioPredict

struct PredictCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Rate sound files with a trained model.",
        discussion: """
            Every file goes through the stages that led to the model in its run, with their parameters. Results are \
            cached by content: a file that was rated before is not decoded again.

            Standard output is CSV: file, a column per rated dimension, the ends of an interval for each \
            (DIM_low, DIM_high) if the model knows its errors, seconds of sound, warnings. A file that cannot be rated \
            is named on standard error, and the others are rated.

            Exit codes: 0 all files are rated, 1 at least one is not, 64 usage, 129/130/143 stopped by a signal.
            """)

    @Argument(help: ArgumentHelp(ModelReference.help, valueName: "model"))
    var model: String

    @Argument(
        help: ArgumentHelp(
            "Sound files, folders of them, or `-` for one file on standard input.", valueName: "file"),
        completion: .file())
    var files: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "For a model that was fitted with a `context`: the context that the songs are from. Default: they are "
                + "rated by what the contexts share.", valueName: "name"))
    var context: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Probability with which an interval holds the true rating of a song like the training songs; 0: no "
                + "intervals. Default: 0.9, where the model knows its errors.", valueName: "level"))
    var interval: Double?

    @Option(name: [.long, .short], help: "Number of cores to use. Default: all.")
    var jobs: Int?

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("Name at least one sound file or folder, or `-`.") }
        if files.filter({ $0 == "-" }).count > 1 { throw ValidationError("`-` can be given only once.") }
        if let interval, interval != 0, !(0.01...0.999).contains(interval) {
            throw ValidationError("--interval must be a number from 0.01 to 0.999, such as 0.9, or 0 for none.")
        }
        if let jobs, !(1...4096).contains(jobs) { throw ValidationError("--jobs must be a number from 1 to 4096.") }
    }

    func run() async throws {
        let bundle = try ModelReference(text: model).bundle(workspace)
        let folder = PredictionFolder(workspace)
        let opened: Workspace
        do { opened = try Workspace(path: folder.path) } catch { throw failed(error) }
        let piped = try pipe(into: opened)
        defer { if let piped { try? FileManager.default.removeItem(atPath: piped) } }
        let found = SoundFile.files(files.map { $0 == "-" ? piped ?? $0 : $0 })
        for problem in found.problems { Output.error("error: \(problem.path): \(problem.sentence)") }
        let cancellation = Cancellation(), terminal = Terminal.standardError(isShared: format.json)
        let reporter = PredictReporter(terminal)
        let trap = SignalTrap(cancellation, say: Output.error)
        let ratings: SongRatings
        do {
            var prediction = try Prediction(bundle, in: opened, registry: KnownKinds.registry)
            prediction.jobs = jobs ?? MachineInfo.cores
            prediction.context = context
            if let interval { prediction.level = interval > 0 ? interval : nil }
            prediction.sinks = [reporter]
            ratings = try await prediction.rate(found.files, cancellation: cancellation)
        } catch is CancellationError {
            reporter.end()
            throw ExitCode(cancellation.exitCode)
        } catch {
            reporter.end()
            throw failed(error)
        }
        reporter.end()
        withExtendedLifetime(trap) {}
        let report = PredictReport(ratings, bundle: bundle, stdin: piped)
        if format.json { Output.json(report.json(problems: found.problems)) } else { Output.lines(report.csv) }
        for line in report.messages { Output.error(line) }
        if let reason = ratings.withoutIntervals, interval != nil || bundle.facts.calibration != nil {
            Output.error("warning: no intervals. \(reason)")
        }
        if !found.problems.isEmpty || ratings.songs.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }

    /// Standard input as a file, if it is asked for.
    private func pipe(into workspace: Workspace) throws -> String? {
        guard files.contains("-") else { return nil }
        do {
            let path = workspace.path + "/tmp/standard-input-\(UUID().uuidString)"
            var count = 0
            try OutputFile(path).write { file in
                while let part = try FileHandle.standardInput.read(upToCount: 1 << 20), !part.isEmpty {
                    count += part.count
                    guard count <= FileBytes.limit else {
                        throw PredictError("Standard input has more than \(Words.bytes(FileBytes.limit)).")
                    }
                    try part.withUnsafeBytes { try file.write($0) }
                }
            }
            return path
        } catch { throw failed(error) }
    }
}
