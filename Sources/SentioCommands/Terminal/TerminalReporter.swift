import SentioBase
import SentioKit
import Synchronization

/// Shows a run on standard error: on a terminal, one live line per running stage with count, rate and remaining time;
/// otherwise, plain lines when a stage starts and finishes. Cached and skipped stages appear only in the summary.
/// Failures and warnings are printed when they happen, each once; warnings that come with cached results are printed
/// together at the end.
final class TerminalReporter: RunEventSink {
    private struct Running {
        let start: StageStart
        let since: Double
        var progress: StageProgress?
        /// Items that were done before the work began; they do not count toward the rate.
        var before = 0
        var cadence = ProgressCadence()
    }

    private struct State {
        var running: [(name: String, stage: Running)] = []
        var liveLines = 0
        var lastDrawn = 0.0
        var width = 0
        var rows = Rows([])
        /// Copies of a stage, by their common name: reported once when the first starts, and when the last is done.
        var copies: [String: Copies] = [:]
        /// Warnings of stages that have not started: such a stage is cached, or starts next.
        var pending: [String: [String]] = [:]
        /// Warnings of cached stages, printed at the end.
        var held: [(stage: String?, sentence: String)] = []
        /// All warnings of the run.
        var warnings: [(stage: String?, sentence: String)] = []
        /// Warnings printed since this reporter was created.
        var said: Set<String> = []
        var hasExecuted = false
        var hasFailed = false
    }

    private struct Copies {
        var hasStarted = false
        var left: Int
        var executed = 0
        var cached = 0
        var seconds = 0.0
    }

    private let terminal: Terminal
    private let isVerbose: Bool
    private let isQuiet: Bool
    /// Whether a summary follows each run.
    private let closesRuns: Bool
    private let state = Mutex(State())

    init(terminal: Terminal, isVerbose: Bool, isQuiet: Bool, closesRuns: Bool) {
        self.closesRuns = closesRuns
        self.isQuiet = isQuiet
        self.terminal = terminal
        self.isVerbose = isVerbose
    }

    func receive(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .runStarted(let run):
                state.rows = Rows(run.stages.map { ($0.name, $0.row) })
                let longest = run.stages.map { state.rows.row(of: $0.name).count }.max() ?? 0
                state.width = terminal.width.map { min(longest, max(12, $0 / 3)) } ?? longest
                (state.hasExecuted, state.hasFailed) = (false, false)
                state.warnings = []
                if !isQuiet { opened(run, &state) }
            case .stageStarted(let start):
                state.hasExecuted = true
                for sentence in state.pending.removeValue(forKey: start.stage) ?? [] {
                    warn(start.stage, sentence, &state)
                }
                state.running.append((start.stage, Running(start: start, since: SteadyClock.seconds)))
                if !terminal.isTerminal, !isQuiet { started(start, &state) }
                if terminal.isTerminal, !isQuiet, let place = start.resumption {
                    say("\(padded(start.stage, state.width))  \(place)", &state)
                }
                draw(&state, isForced: true)
            case .stageProgress(let progress):
                if let index = state.running.firstIndex(where: { $0.name == progress.stage }) {
                    if state.running[index].stage.progress == nil { state.running[index].stage.before = progress.done }
                    state.running[index].stage.progress = progress
                    if !terminal.isTerminal, !isQuiet { reached(progress, at: index, &state) }
                }
                draw(&state, isForced: false)
            case .stageLog(let stage, let line):
                if isVerbose {
                    say(terminal.paint("\(padded(stage, state.width))  | \(Words.plain(line))", .dim), &state)
                }
            case .warning(let stage, let sentence):
                if let stage, !state.running.contains(where: { $0.name == stage }) {
                    state.pending[stage, default: []].append(sentence)
                } else {
                    warn(stage, sentence, &state)
                }
            case .stageFinished(let outcome):
                for sentence in state.pending.removeValue(forKey: outcome.stage) ?? [] {
                    state.warnings.append((outcome.stage, sentence))
                    // A stage that shares another's result also shares its warnings, which have been printed already.
                    if outcome.sharedWith == nil { state.held.append((outcome.stage, sentence)) }
                }
                if outcome.state == .failed { state.hasFailed = true }
                finished(outcome, &state)
            case .expectation(let expectation): judged(expectation, &state)
            case .metric, .series: break
            case .runFinished:
                for (stage, sentences) in state.pending { for sentence in sentences { warn(stage, sentence, &state) } }
                state.pending = [:]
                sayHeld(&state)
                for (row, copies) in state.copies.sorted(by: { $0.key < $1.key }) where copies.executed > 0 {
                    done(row, copies, &state)
                }
                erase(&state)
                // An empty line separates the closing table.
                if terminal.isTerminal, !isQuiet { Output.error("") }
            }
        }
    }

    /// Number of distinct warnings of the last run.
    var warnings: Int {
        state.withLock { state in WarningDigest(state.warnings) { state.rows.row(of: $0) }.entries.count }
    }

    /// Prints a line above the live lines.
    func notice(_ sentence: String) { state.withLock { say(sentence, &$0) } }

    /// Updates the clocks of running stages that report no progress.
    func tick() { state.withLock { draw(&$0, isForced: false) } }

    // MARK: Warnings and expectations

    /// Prints a warning; copies of a stage print the same warning once.
    private func warn(_ stage: String?, _ sentence: String, _ state: inout State) {
        state.warnings.append((stage, sentence))
        let row = stage.map { state.rows.row(of: $0) }
        guard state.said.insert("\(row ?? "")\0\(sentence)").inserted else { return }
        let head = row.map { padded($0, state.width) + "  " } ?? ""
        say(head + terminal.paint("warning: ", .yellow) + Words.plain(sentence), &state)
    }

    /// Prints the warnings that cached results had when they were made; in a sweep, each once.
    private func sayHeld(_ state: inout State) {
        let rows = state.rows, said = state.said
        let new = state.held.filter { !said.contains("\($0.stage.map { rows.row(of: $0) } ?? "")\0\($0.sentence)") }
        for (stage, sentence) in new { state.said.insert("\(stage.map { rows.row(of: $0) } ?? "")\0\(sentence)") }
        state.held = []
        for line in WarningDigest(new, row: { rows.row(of: $0) }).lines(limit: Self.mostHeld) {
            say(terminal.paint("warning: ", .yellow) + Words.plain(line), &state)
        }
    }

    /// A run that computes nothing should print few lines.
    private static let mostHeld = 6

    /// Prints an expectation, unless it is no news: one that cannot be evaluated because a stage failed, or one that
    /// still holds although nothing was computed.
    private func judged(_ expectation: Expectation, _ state: inout State) {
        if state.hasFailed, expectation.evidence.hasSuffix(" did not finish") { return }
        if expectation.holds, !state.hasExecuted || isQuiet { return }
        // The summary of a run lists failed expectations.
        if !expectation.holds, closesRuns { return }
        let mark = expectation.holds ? terminal.paint("holds", .green) : terminal.paint("FAILS", .red)
        say("expect  \(expectation.text): \(mark) (\(expectation.evidence))", &state)
    }

    // MARK: Permanent lines

    /// Prints what runs; if it was planned, also what it will cost and what else the file offers.
    private func opened(_ run: RunDescription, _ state: inout State) {
        let header = RunHeader(run), isPlanned = run.outlook != nil
        say(terminal.paint("run \(run.id)", .bold) + "  \(isPlanned ? header.title : header.short)", &state)
        guard let cost = run.outlook.flatMap(RunHeader.cost) else { return }
        say(([cost] + (header.others.map { [$0] } ?? [])).joined(separator: " "), &state)
    }

    private func started(_ start: StageStart, _ state: inout State) {
        let row = state.rows.row(of: start.stage)
        if row != start.stage {
            guard state.copies[row]?.hasStarted != true else { return }
            state.copies[row, default: Copies(left: state.rows.count(of: row))].hasStarted = true
        }
        let place = start.resumption.map { "; \($0)" } ?? ""
        say("\(padded(row, state.width))  \(start.kind): \(Words.plain(start.reason.text))\(place)", &state)
    }

    /// Prints the progress of a long stage now and then, where there are no live lines.
    private func reached(_ progress: StageProgress, at index: Int, _ state: inout State) {
        let elapsed = SteadyClock.seconds - state.running[index].stage.since
        guard state.running[index].stage.cadence.isDue(at: elapsed, done: progress.done, of: progress.total) else {
            return
        }
        let running = state.running[index].stage
        let share = 100 * progress.done / progress.total,
            note = progress.note.isEmpty ? "" : " \(Words.plain(progress.note))"
        var line = "\(padded(progress.stage, state.width))  \(share) %: \(progress.done)/\(progress.total)\(note)"
        if let left = Self.secondsLeft(running, progress, elapsed) { line += ", \(Words.duration(left)) to go" }
        say(line, &state)
    }

    /// Remaining seconds at the average rate since the stage started; items done before do not count.
    private static func secondsLeft(_ running: Running, _ progress: StageProgress, _ elapsed: Double) -> Double? {
        let made = progress.done - running.before
        return made > 0 ? Double(progress.total - progress.done) * elapsed / Double(made) : nil
    }

    /// Counts a finished copy, and reports the row after the last one.
    private func settled(_ outcome: StageOutcome, row: String, _ state: inout State) {
        var copies = state.copies[row] ?? Copies(left: state.rows.count(of: row))
        copies.left -= 1
        if outcome.state == .executed {
            copies.executed += 1
            copies.seconds += outcome.seconds
        } else if outcome.state == .cached {
            copies.cached += 1
        }
        state.copies[row] = copies.left > 0 ? copies : nil
        if copies.left == 0, copies.executed > 0 { done(row, copies, &state) }
    }

    private func done(_ row: String, _ copies: Copies, _ state: inout State) {
        if isQuiet { return }
        let count =
            Words.count(copies.executed + copies.cached, "stage")
            + (copies.cached > 0 ? ", \(copies.executed) executed" : "")
        say(
            "\(padded(row, state.width))  \(terminal.paint("done", .green)) in \(Words.duration(copies.seconds))  "
                + "\(count)",
            &state)
    }

    private func finished(_ outcome: StageOutcome, _ state: inout State) {
        state.running.removeAll { $0.name == outcome.stage }
        let name = padded(outcome.stage, state.width), row = state.rows.row(of: outcome.stage)
        if row != outcome.stage {
            settled(outcome, row: row, &state)
            if outcome.state == .executed { return draw(&state, isForced: true) }
        }
        switch outcome.state {
        case .cached: break
        case .executed:
            if isQuiet { break }
            let items =
                outcome.items.map {
                    "  \(Words.count($0.total, "item"))" + ($0.cached > 0 ? ", \($0.executed) new" : "")
                } ?? ""
            let time = Words.duration(outcome.seconds)
            var reason = ""
            if let width = terminal.width, let text = outcome.reason?.text {
                let room = width - "\(name)  done in \(time)\(items)  ".count
                if room > 8 { reason = "  " + terminal.paint(Words.cut(Words.plain(text), to: room), .dim) }
            }
            say("\(name)  \(terminal.paint("done", .green)) in \(time)\(items)\(reason)", &state)
        case .failed: say("\(name)  \(terminal.paint("FAILED", .red))  \(Words.plain(outcome.message ?? ""))", &state)
        case .skipped: return
        }
        draw(&state, isForced: true)
    }

    private func say(_ line: String, _ state: inout State) {
        erase(&state)
        Output.error(line)
        draw(&state, isForced: true)
    }

    // MARK: Live lines

    private func draw(_ state: inout State, isForced: Bool) {
        guard terminal.isTerminal, !isQuiet, !state.running.isEmpty else { return }
        let now = SteadyClock.seconds
        guard isForced || now - state.lastDrawn > 0.1 else { return }
        erase(&state)
        state.lastDrawn = now
        let size = terminal.size
        // More lines than the screen has could not be erased.
        let most = max(1, size.rows - 2)
        var lines = state.running.prefix(most).map {
            LiveLine(
                name: $0.name, start: $0.stage.start, progress: $0.stage.progress, before: $0.stage.before,
                elapsed: now - $0.stage.since
            )
            .text(nameWidth: state.width, columns: size.columns - 1)
        }
        if state.running.count > most { lines[most - 1] = "and \(state.running.count - most + 1) more" }
        Output.error(lines.joined(separator: "\n"))
        state.liveLines = lines.count
    }

    private func erase(_ state: inout State) {
        guard state.liveLines > 0 else { return }
        Output.control("\u{1B}[\(state.liveLines)A\u{1B}[J")
        state.liveLines = 0
    }

    private func padded(_ name: String, _ width: Int) -> String {
        let text = terminal.isTerminal ? Words.shortened(name, to: width) : name
        return text + String(repeating: " ", count: max(0, width - text.count))
    }
}
