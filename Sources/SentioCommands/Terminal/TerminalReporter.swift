import SentioKit
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Shows a run on standard error: on a terminal one live line per running stage with count, rate and time to go; else
/// plain lines when a stage starts and when it is settled. Cached stages are summed up, not listed one by one.
final class TerminalReporter: RunEventSink {
    private struct Running {
        let start: StageStart
        let since: Double
        var progress: StageProgress?
        /// Items that were there before the work began: they say nothing about its speed.
        var before = 0
    }

    private struct State {
        var running: [(name: String, stage: Running)] = []
        var liveLines = 0
        var lastDrawn = 0.0
        var width = 0
        var rows = Rows([])
        /// Copies of one stage, by their common name: said once when the first starts, and when the last is done.
        var copies: [String: Copies] = [:]
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
    private let state = Mutex(State())

    init(terminal: Terminal, isVerbose: Bool, isQuiet: Bool) {
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
                if !isQuiet { say(terminal.paint("run \(run.id)", .bold) + "  \(run.pipeline) (\(run.file)), seed \(run.seed)", &state) }
            case .stageStarted(let start):
                state.running.append((start.stage, Running(start: start, since: Self.now())))
                if !terminal.isTerminal, !isQuiet { started(start, &state) }
                draw(&state, isForced: true)
            case .stageProgress(let progress):
                if let index = state.running.firstIndex(where: { $0.name == progress.stage }) {
                    if state.running[index].stage.progress == nil { state.running[index].stage.before = progress.done }
                    state.running[index].stage.progress = progress
                }
                draw(&state, isForced: false)
            case .stageLog(let stage, let line):
                if isVerbose { say(terminal.paint("\(padded(stage, state.width))  | \(Words.plain(line))", .dim), &state) }
            case .warning(let stage, let sentence):
                let head = stage.map { padded($0, state.width) + "  " } ?? ""
                say(head + terminal.paint("warning: ", .yellow) + Words.plain(sentence), &state)
            case .stageFinished(let outcome): finished(outcome, &state)
            case .expectation(let expectation):
                let mark = expectation.holds ? terminal.paint("holds", .green) : terminal.paint("FAILS", .red)
                say("expect  \(expectation.text): \(mark) (\(expectation.evidence))", &state)
            case .metric, .series: break
            case .runFinished:
                for (row, copies) in state.copies.sorted(by: { $0.key < $1.key }) where copies.executed > 0 { done(row, copies, &state) }
                erase(&state)
                // The closing table stands apart from the lines above it.
                if terminal.isTerminal, !isQuiet { Output.error("") }
            }
        }
    }

    /// A line for the person who watches, above the live ones.
    func notice(_ sentence: String) { state.withLock { say(sentence, &$0) } }

    /// Lets the clocks of running stages go on where a stage has nothing to report.
    func tick() { state.withLock { draw(&$0, isForced: false) } }

    // MARK: Lines that stay

    private func started(_ start: StageStart, _ state: inout State) {
        let row = state.rows.row(of: start.stage)
        if row != start.stage {
            guard state.copies[row]?.hasStarted != true else { return }
            state.copies[row, default: Copies(left: state.rows.count(of: row))].hasStarted = true
        }
        say("\(padded(row, state.width))  \(start.kind): \(Words.plain(start.reason.text))", &state)
    }

    /// Counts a copy, and says so when it was the last.
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
        let count = Words.count(copies.executed + copies.cached, "stage") + (copies.cached > 0 ? ", \(copies.executed) executed" : "")
        say("\(padded(row, state.width))  \(terminal.paint("done", .green)) in \(Words.duration(copies.seconds))  \(count)", &state)
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
            let items = outcome.items.map { "  \(Words.count($0.total, "item"))" + ($0.cached > 0 ? ", \($0.executed) new" : "") } ?? ""
            let time = Words.duration(outcome.seconds)
            var reason = ""
            if let width = terminal.width, let text = outcome.reason?.text {
                let room = width - "\(name)  done in \(time)\(items)  ".count
                if room > 8 { reason = "  " + terminal.paint(Words.cut(Words.plain(text), to: room), .dim) }
            }
            say("\(name)  \(terminal.paint("done", .green)) in \(time)\(items)\(reason)", &state)
        case .failed: say("\(name)  \(terminal.paint("FAILED", .red))  \(Words.plain(outcome.message ?? ""))", &state)
        case .skipped: say("\(name)  \(terminal.paint("skipped", .yellow))  \(Words.plain(outcome.message ?? ""))", &state)
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
        let now = Self.now()
        guard isForced || now - state.lastDrawn > 0.1 else { return }
        erase(&state)
        state.lastDrawn = now
        let size = terminal.size
        // More lines than the screen has could not be erased again.
        let most = max(1, size.rows - 2)
        var lines = state.running.prefix(most).map {
            Words.cut(line($0.name, $0.stage, width: state.width, now: now), to: size.columns - 1)
        }
        if state.running.count > most { lines[most - 1] = "and \(state.running.count - most + 1) more" }
        Output.write(lines.joined(separator: "\n") + "\n", to: 2)
        state.liveLines = lines.count
    }

    private func line(_ name: String, _ running: Running, width: Int, now: Double) -> String {
        let elapsed = now - running.since
        let head = "\(padded(name, width))  \(running.start.kind)  "
        guard let progress = running.progress, progress.total > 0 else {
            let expected = running.start.expectedSeconds.map { " of about \(Words.duration($0))" } ?? ""
            return head + Words.duration(elapsed) + expected
        }
        let made = Double(progress.done - running.before)
        let rate = made / max(elapsed, 1e-3)
        var text = "\(bar(progress))  \(progress.done)/\(progress.total)"
        if made > 0, elapsed > 0.2 {
            text += "  \(Words.fixed(rate, rate < 10 ? 1 : 0))/s"
            if progress.done < progress.total { text += "  \(Words.duration(Double(progress.total - progress.done) / rate)) to go" }
        }
        return head + text + (progress.note.isEmpty ? "" : "  \(progress.note)")
    }

    private func bar(_ progress: StageProgress) -> String {
        let filled = 20 * progress.done / progress.total
        return String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
    }

    private func erase(_ state: inout State) {
        guard state.liveLines > 0 else { return }
        Output.write("\u{1B}[\(state.liveLines)A\u{1B}[J", to: 2)
        state.liveLines = 0
    }

    private func padded(_ name: String, _ width: Int) -> String {
        let text = terminal.isTerminal ? Words.shortened(name, to: width) : name
        return text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
