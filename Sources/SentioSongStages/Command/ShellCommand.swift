import CSpawn
import SentioBase
import SentioKit

/// One command line for a shell, in its own process group, so that stopping it stops all that it started.
///
/// Standard input is empty; standard output and error come line by line, as one stream.
struct ShellCommand {
    let text: String
    let shell: CommandShell
    let directory: String
    let environment: CommandEnvironment

    /// How it ended.
    enum End: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
        case cancelled
        case timedOut
    }

    struct Outcome {
        let end: End
        /// Whether something that it started left the group, as with `setsid`, and goes on writing to the stream.
        let isWrittenOn: Bool
    }

    /// The system could not start it.
    struct CannotStart: Error {
        /// `bash: no such file or directory`.
        let reason: String
        /// Whether there is no such program.
        let isMissing: Bool
    }

    /// Longer lines are cut here; a program that prints no line ends must not fill the memory.
    static let longestLine = 16_384
    /// How long it may clean up between being asked to stop and being killed.
    static let graceSeconds = 5.0
    /// The most that is read after it ended. Its own remaining output is at most the 64 KiB that a pipe holds, which
    /// come first.
    private static let drained = (bytes: 1 << 20, seconds: 0.2)

    /// Runs it to its end. Blocks; asks `isCancelled` about ten times a second.
    /// - throws: `CannotStart`.
    func run(deadline: Double? = nil, isCancelled: () -> Bool, line: (String) -> Void) throws -> Outcome {
        let (process, output) = try start()
        defer { close(output) }
        var lines = LineSplitter(limit: Self.longestLine)
        var ending: (reason: End, killAt: Double)?
        var isOpen = true, pause: useconds_t = 500
        while true {
            if isOpen { isOpen = read(output, waiting: 100, into: &lines, line) != .end }
            if let status = exitStatus(of: process) {
                // What it left in the background would go on writing into files that are being hashed.
                kill(-process, SIGKILL)
                ProcessGroups.remove(process)
                reap(process)
                let isWrittenOn = isOpen && drain(output, into: &lines, line)
                lines.finish(line)
                return Outcome(end: ending?.reason ?? status, isWrittenOn: isWrittenOn)
            }
            let now = SteadyClock.seconds
            if let ending {
                if now >= ending.killAt { kill(-process, SIGKILL) }
            } else if isCancelled() || deadline.map({ now >= $0 }) ?? false {
                ending = (isCancelled() ? .cancelled : .timedOut, now + Self.graceSeconds)
                kill(-process, SIGTERM)
            }
            if !isOpen {
                usleep(pause)
                pause = min(pause * 2, 50_000)
            }
        }
    }

    private func start() throws -> (process: pid_t, output: Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        try enterFolder(&actions)

        var pipe: [Int32] = [-1, -1]
        guard SentioBase.pipe(&pipe) == 0 else { throw cannotStart(errno) }
        defer { close(pipe[1]) }
        // A child that another thread starts just now may still inherit the ends; then the exit is noticed by
        // `waitid`, not by the end of the stream.
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Its own group, and the signals as a fresh shell expects them, whatever this program blocks or ignores.
        var none = sigset_t(), all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        if HangUp.isIgnored { sigdelset(&all, SIGHUP) }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        // A shell determines its folder by itself; other programs trust the variable.
        var environment = environment
        if !isHere, let folder = Paths.resolved(directory) { environment.set("PWD", folder) }
        let arguments: [UnsafeMutablePointer<CChar>?] = shell.arguments(for: text).map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] =
            environment.entries.map { strdup($0.map { CChar(bitPattern: $0) } + [0]) } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var process = pid_t()
        let code = posix_spawnp(&process, shell.program, &actions, &attributes, arguments, variables)
        guard code == 0 else {
            close(pipe[0])
            throw cannotStart(code)
        }
        ProcessGroups.add(process)
        return (process, pipe[0])
    }

    private func cannotStart(_ code: Int32) -> CannotStart {
        CannotStart(reason: "\(shell.program): \(FileBytes.reason(code))", isMissing: code == ENOENT)
    }

    /// The program itself starts in the folder, whatever language its commands are in; a relative path to the program
    /// is resolved there too.
    private func enterFolder(_ actions: inout posix_spawn_file_actions_t) throws {
        if isHere { return }
        let code = access(directory, X_OK) == 0 ? posix_spawn_file_actions_addchdir_np(&actions, directory) : errno
        guard code == 0 else {
            throw CannotStart(
                reason: "its folder \(directory) cannot be entered: \(FileBytes.reason(code))", isMissing: false)
        }
    }

    private var isHere: Bool { directory == "." || directory.isEmpty }

    private enum Reading: Equatable {
        case bytes(Int)
        case nothing
        case end
    }

    /// Reads what is available.
    private func read(
        _ descriptor: Int32, waiting milliseconds: Int32, into lines: inout LineSplitter, _ line: (String) -> Void
    ) -> Reading {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return .nothing }
        return withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { buffer in
            let count = SentioBase.read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0 { return errno == EINTR || errno == EAGAIN ? .nothing : .end }
            lines.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]), line)
            return count > 0 ? .bytes(count) : .end
        }
    }

    /// Reads what is left in the stream, but not forever: a process that left the group may go on writing.
    /// - returns: whether it does.
    private func drain(_ descriptor: Int32, into lines: inout LineSplitter, _ line: (String) -> Void) -> Bool {
        let end = SteadyClock.seconds + Self.drained.seconds
        var left = Self.drained.bytes
        while case .bytes(let count) = read(descriptor, waiting: 0, into: &lines, line) {
            if left <= 0 { return true }
            left = SteadyClock.seconds < end ? left - count : 0
        }
        return false
    }

    /// How it ended, without reaping it yet: until it is reaped, no other process group can get its number.
    private func exitStatus(of process: pid_t) -> End? {
        var info = siginfo_t()
        guard waitid(P_PID, id_t(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0, info.si_signo == SIGCHLD else {
            return nil
        }
        let status = info._sifields._sigchld.si_status
        return info.si_code == Int32(CLD_EXITED) ? .exited(status) : .killed(signal: status)
    }

    private func reap(_ process: pid_t) {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
