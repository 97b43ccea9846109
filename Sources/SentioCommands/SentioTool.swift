public import ArgumentParser
import Dispatch
import SentioBase
public import SentioKit

/// The command-line tool. A custom binary with additional kinds calls `await SentioTool.main(kinds: BuiltinStages.all +
/// [MyStage.self], groups: BuiltinStages.groups)`.
public struct SentioTool: AsyncParsableCommand {
    /// Name, help text and subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "sentio-pipeline",
        abstract: "Run experiment pipelines for audio machine learning; only what has changed is computed.",
        discussion: """
            Exit codes: 0 done, 1 a stage failed, 3 invalid pipeline, 4 stale (plan --exit-code), 5 lock not obtained, \
            6 an expectation failed, 7 leakage, 8 verify mismatch, 64 usage, 129/130/143 stopped by a signal (run \
            again to resume).
            """,
        version: SentioVersion.text,
        subcommands: [
            RunCommand.self, SweepCommand.self, PlanCommand.self, WhyCommand.self, LintCommand.self, GraphCommand.self,
            ConfigCommand.self,
            StagesCommand.self, SchemaCommand.self, InitCommand.self, DatasetCommand.self, RunsCommand.self,
            RunsCompareCommand.self, ReportCommand.self,
            ArtifactsCommand.self,
            PredictCommand.self, ModelsCommand.self, CompletionCommand.self,
        ])

    /// For ArgumentParser.
    public init() {}

    /// Parses the arguments, runs the command and exits.
    public static func main(kinds: [any StageKind.Type], groups: [any StageGroup.Type] = []) async -> Never {
        // Exceeding a file-size limit is an error of the write, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        Output.prepare()
        let error = await KnownKinds.$kinds.withValue(kinds) {
            await KnownKinds.$groups.withValue(groups) { await perform() }
        }
        end(error)
    }

    /// Parses the arguments and runs the command.
    /// - Returns: the error, or nil on success.
    private static func perform() async -> (any Error)? {
        var command: any ParsableCommand
        do { command = try await asyncParseAsRoot() } catch {
            let isHelp = exitCode(for: error) == .success
            guard !isHelp, let unknown = UnknownCommand.error(arguments: CommandLine.arguments.dropFirst()) else {
                return error
            }
            return unknown
        }
        do {
            let isRun = command is any AsyncParsableCommand
            if let problem = ProcessLimits.problem(
                descriptors: isRun ? ProcessLimits.descriptorsOfRuns : ProcessLimits.descriptors)
            {
                Output.error("error: \(problem)")
                return ExitCode(1)
            }
            if var waiting = command as? any AsyncParsableCommand { try await waiting.run() } else { try command.run() }
            return nil
        } catch { return error }
    }

    /// Exits immediately. Help and version go to standard output, errors to standard error.
    private static func end(_ error: (any Error)?) -> Never {
        guard let error else { Output.exit(0) }
        let text = fullMessage(for: error), code = exitCode(for: error)
        if !text.isEmpty { if code == .success { Output.line(text) } else { Output.error(text) } }
        Output.exit(code.rawValue)
    }
}
