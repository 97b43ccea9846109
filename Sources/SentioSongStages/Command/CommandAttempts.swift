import SentioBase
import SentioKit

/// Runs a stage's command lines, and retries them after a failure if retries are left.
struct CommandAttempts: Sendable {
    let commands: [String]
    let shell: CommandShell
    let folder: WorkingFolder
    /// The time limit of one attempt, in seconds.
    let timeout: Double?
    let retries: Int

    static let linesInFailure = 20
    /// The exit code that a shell reports for a program that wrote to a pipe without a reader: 128 + SIGPIPE.
    private static let brokenPipe: Int32 = 141

    /// - parameter beforeRetry: restores the state before the first attempt.
    /// - throws: `StageFailure` of the last attempt; `StageCancelled`.
    func run(_ context: StageContext, environment: CommandEnvironment, beforeRetry: () throws -> Void) throws {
        for attempt in 1...(retries + 1) {
            do {
                if attempt > 1 { context.services.log("attempt \(attempt) of \(retries + 1)") }
                return try once(context, environment)
            } catch let failure as Failure {
                guard attempt <= retries else {
                    let times = retries > 0 ? " failed \(retries + 1) times; the last time it" : ""
                    throw StageFailure(
                        "The command of \(context.stage)\(times) \(failure.what): `\(failure.command)`.\(failure.tail)")
                }
                context.services.remark(
                    "Attempt \(attempt) of \(retries + 1) of \(context.stage) \(failure.what): `\(failure.command)`. "
                        + "Retrying."
                )
                try beforeRetry()
            }
        }
    }

    /// A failed attempt that may be followed by another.
    private struct Failure: Error {
        let command: String
        /// `failed with exit code 1`.
        let what: String
        let tail: String
    }

    private func once(_ context: StageContext, _ environment: CommandEnvironment) throws {
        let deadline = timeout.map { SteadyClock.seconds + $0 }
        for command in commands { try run(command, environment, deadline, context) }
    }

    private func run(_ text: String, _ environment: CommandEnvironment, _ deadline: Double?, _ context: StageContext)
        throws
    {
        context.services.log("$ \(text)")
        var last: [String] = []
        let directory = folder.directory(below: context.workingDirectory)
        let kind = FileKind.at(directory)
        guard kind == .folder else {
            throw StageFailure(
                "The command of \(context.stage) was not started, because its folder \(directory) \(kind.predicate).")
        }
        let command = ShellCommand(text: text, shell: shell, directory: directory, environment: environment)
        let outcome: ShellCommand.Outcome
        do {
            outcome = try command.run(deadline: deadline, isCancelled: { context.services.isCancelled }) { line in
                context.services.log(line)
                if last.count == Self.linesInFailure { last.removeFirst() }
                last.append(line)
            }
        } catch let error as ShellCommand.CannotStart {
            let cure = error.isMissing ? " \(shell.cure)" : ""
            throw StageFailure("The command of \(context.stage) was not started: \(error.reason).\(cure)")
        }
        if outcome.isWrittenOn {
            context.services.warn(
                "A process that the command of \(context.stage) started is still writing after the command ended. It "
                    + "could not be stopped, because it left the process group (as with `setsid`): `\(text)`. Its "
                    + "further output is not read; let the command wait for it, or redirect its output to a file."
            )
        }
        let tail = last.isEmpty ? " It printed nothing." : " Its last lines:\n" + last.joined(separator: "\n")
        func failure(_ what: String, hint: String = "") -> Failure {
            Failure(command: text, what: what, tail: hint + tail)
        }
        switch outcome.end {
        case .exited(0): return
        case .exited(Self.brokenPipe):
            throw failure(
                "failed with exit code \(Self.brokenPipe)",
                hint:
                    " Exit code 141 means that a program wrote to a pipe whose reader had exited, as in `… | head`; "
                    + "write `(… || true) | head`, or `shell: sh`."
            )
        case .exited(let code): throw failure("failed with exit code \(code)")
        case .killed(let signal): throw failure("was killed by signal \(signal)")
        case .timedOut:
            throw failure("ran longer than its timeout of \(NumberText.short(timeout ?? 0)) s and was stopped")
        case .cancelled: throw StageCancelled()
        }
    }
}
