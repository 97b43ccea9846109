import SentioKit
import SentioRunStore
import SentioSpec

/// What a run did, when it is over: warnings have been said by then, and so has every failure. A run in which nothing
/// was computed, one that failed and one that was stopped need few lines; the stages stand in a table only where some
/// were computed.
struct ClosingText {
    let outcome: RunOutcome
    /// Says which stages are copies of one in the file; those share a line.
    let graph: StageGraph
    let terminal: Terminal
    /// How many kinds of warnings there were.
    var warnings = 0
    /// Of a run that was stopped: the stages whose results are there, also those that it had not come to; nil: those
    /// that it settled.
    var done: Int?

    private var executed: Int { outcome.stages.count { $0.state == .executed } }

    /// Lines for standard output.
    var lines: [String] {
        switch outcome.status {
        case .interrupted, .running: return [stopped]
        case .failed: return failures + summary
        case .succeeded: break
        }
        var lines: [String] = []
        if executed > 0 {
            lines = StageTable(stages: outcome.stages, graph: graph, terminal: terminal).lines
            let scores = ScoreText(outcome: outcome, graph: graph, terminal: terminal)
            lines += scores.lines + [""]
            if !scores.hasOwnTable, let headline { lines.append(headline) }
        } else if let headline {
            lines.append(headline)
        }
        return lines + verdict + failedExpectations + summary + unchecked + more
    }

    // MARK: How it ended

    private var stopped: String {
        let done = done ?? outcome.stages.count { $0.state == .executed || $0.state == .cached }
        return terminal.paint("stopped", .yellow) + " after \(Words.duration(outcome.seconds)): \(done) of "
            + "\(Words.count(outcome.stages.count, "stage")) done and kept; the same command goes on. run "
            + "\(outcome.run)"
    }

    /// `succeeded in 12 s: 20 executed, 3 cached, 2 warnings. run 20261123-…`
    private var summary: [String] {
        let ending = RunEnding(outcome), clause = ending.clause(" in \(Words.duration(outcome.seconds))"),
            run = "run \(outcome.run)"
        let rest = ": \(counts)\(warnings > 0 ? ", " + Words.count(warnings, "warning") : "")."
        let line = terminal.paint(clause, ending.color) + rest
        return clause.count + rest.count + 1 + run.count > terminal.width ?? .max ? [line, run] : ["\(line) \(run)"]
    }

    private var counts: String {
        func count(_ state: StageState) -> Int { outcome.stages.count { $0.state == state && $0.sharedWith == nil } }
        if executed == 0, outcome.status == .succeeded {
            return outcome.stages.count == 1
                ? "nothing to do, its stage is up to date"
                : "nothing to do, all \(outcome.stages.count) stages are up to date"
        }
        var parts = ["\(count(.executed)) executed", "\(count(.cached)) cached"]
        let shared = outcome.stages.count { $0.sharedWith != nil }
        if shared > 0 { parts.append("\(shared) shared") }
        if count(.failed) > 0 { parts.append("\(count(.failed)) failed") }
        if count(.skipped) > 0 { parts.append("\(count(.skipped)) skipped") }
        return parts.joined(separator: ", ")
    }

    /// Who failed, and who did not run for it. What went wrong was said when it happened.
    private var failures: [String] {
        let failed = outcome.stages.filter { $0.state == .failed }.map(\.stage)
        var lines =
            failed.isEmpty
            ? []
            : [
                "\(Words.list(Rows(failed, graph).collapse(failed) { $0 }.map(\.row))) failed; see above, or `runs "
                    + "show`."
            ]
        var order: [[String]] = [], waiting: [[String]: Int] = [:]
        for stage in outcome.stages where stage.state == .skipped {
            if waiting.updateValue(waiting[stage.blockers, default: 0] + 1, forKey: stage.blockers) == nil {
                order.append(stage.blockers)
            }
        }
        for blockers in order.filter({ !$0.isEmpty }) + order.filter(\.isEmpty) {
            let count = waiting[blockers] ?? 0, was = count == 1 ? "was" : "were"
            guard !blockers.isEmpty else {
                lines.append(
                    "\(Words.count(count, "stage")) \(was) not started after that (`--keep-going` starts them).")
                continue
            }
            let rows = Rows(blockers, graph).collapse(blockers) { $0 }.map(\.row)
            lines.append(
                "\(Words.count(count, "stage")) \(was) skipped because \(count == 1 ? "it needs" : "they need") "
                    + "\(Words.list(rows))."
            )
        }
        return lines
    }

    private var failedExpectations: [String] {
        outcome.expectations.filter { !$0.holds }.map {
            terminal.paint("FAILS", .red) + "  \($0.text) (\($0.evidence))"
        }
    }

    private var unchecked: [String] {
        let count = outcome.unchecked.count
        if count == 0 { return [] }
        return [
            "\(Words.count(count, "expectation")) \(count == 1 ? "was" : "were") not checked because of --only: "
                + "\(outcome.unchecked.joined(separator: "; "))"
        ]
    }

    // MARK: What came out

    /// The numbers that the run is about, in a line.
    private var headline: String? {
        let stages = outcome.stages.map { (stage: $0.stage, metrics: $0.metrics) }
        let metrics = Headline.metrics(of: stages, expected: outcome.expectations.map(\.text), about: outcome.headline)
        guard !metrics.isEmpty else { return nil }
        // The verdict, and a table of models, call it by the name of the model.
        let model = outcome.headline.flatMap { about in
            metrics[0].name.hasPrefix(about.stage + ".") ? graph.model(behind: about.stage) : nil
        }
        let head = model.map { "\($0): " } ?? ""
        var line = head
        for metric in metrics.prefix(4) {
            let part = "\(metric.name) \(Words.number(metric.value))"
            if line != head, line.count + part.count + 2 > terminal.width ?? 100 { break }
            line += (line == head ? "" : "  ") + part
        }
        return line
    }

    /// What the headline's stage is against its baseline.
    private var verdict: [String] { outcome.verdict.map { Words.wrapped($0, to: terminal.width) } ?? [] }

    private var more: [String] {
        executed == 0 && !outcome.stages.isEmpty ? ["`runs show` says more, `report` makes a page of it."] : []
    }
}
