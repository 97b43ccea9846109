import SentioKit
import SentioRunStore
import SentioSpec

/// The summary that a run prints at its end; warnings and failures have been printed by then. A run that computed
/// nothing, failed or was stopped needs only a few lines; the table of stages is shown only if some were computed.
struct ClosingText {
    let outcome: RunOutcome
    /// Identifies copies of a stage, which share a line.
    let graph: StageGraph
    let terminal: Terminal
    /// Number of distinct warnings.
    var warnings = 0
    /// For a stopped run, the number of stages with results, including stages that it had not reached; nil to count
    /// those that it settled.
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

    // MARK: Outcome

    private var stopped: String {
        let done = done ?? outcome.stages.count { $0.state == .executed || $0.state == .cached }
        return terminal.paint("stopped", .yellow) + " after \(Words.duration(outcome.seconds)): \(done) of "
            + "\(Words.count(outcome.stages.count, "stage")) done; run the same command again to resume. run "
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
                ? "nothing to do, the only stage is up to date"
                : "nothing to do, all \(outcome.stages.count) stages are up to date"
        }
        var parts = ["\(count(.executed)) executed", "\(count(.cached)) cached"]
        let shared = outcome.stages.count { $0.sharedWith != nil }
        if shared > 0 { parts.append("\(shared) shared") }
        if count(.failed) > 0 { parts.append("\(count(.failed)) failed") }
        if count(.skipped) > 0 { parts.append("\(count(.skipped)) skipped") }
        return parts.joined(separator: ", ")
    }

    /// The stages that failed, and those that did not run because of that. The errors themselves were printed when they
    /// happened.
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
                    "\(Words.count(count, "stage")) \(was) not started because of that (`--keep-going` runs them).")
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

    // MARK: Results

    /// The headline metrics, on one line.
    private var headline: String? {
        let stages = outcome.stages.map { (stage: $0.stage, metrics: $0.metrics) }
        let metrics = Headline.metrics(of: stages, expected: outcome.expectations.map(\.text), about: outcome.headline)
        guard !metrics.isEmpty else { return nil }
        // The verdict and the comparison table call it by the name of the model.
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

    /// The verdict of the headline's stage against its baseline.
    private var verdict: [String] { outcome.verdict.map { Words.wrapped($0, to: terminal.width) } ?? [] }

    private var more: [String] {
        executed == 0 && !outcome.stages.isEmpty ? ["See `runs show` for details, or `report` for an HTML page."] : []
    }
}
