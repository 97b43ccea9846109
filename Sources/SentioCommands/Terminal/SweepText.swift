import SentioEngine
import SentioKit
import SentioRunStore
import SentioSpec
import SentioSweep

/// A sweep as text for people: its cells with reasons, its estimated duration, its settings with their metrics.
struct SweepText {
    let sweep: Sweep
    let terminal: Terminal

    /// Maximum number of cells listed; if there are more, only unfinished ones are.
    private static let shown = 60

    private func label(_ cell: SweepCell) -> String { cell.label(replicates: sweep.spec.replicates.count) }

    // MARK: Plan

    /// `sweep ratio-ablation-1f2e3d: 15 cells, 3 done; 34 stages, 20 cached, 14 to run, about 12 min at most`.
    func opening(_ plan: SweepPlan) -> String {
        let done = plan.done > 0 ? ", \(plan.done) done" : ""
        return terminal.paint("sweep \(sweep.id)", .bold)
            + ": \(Words.count(plan.cells.count, "cell"))\(done); \(Self.price(plan.price))"
    }

    static func price(_ price: SweepPlan.Price) -> String {
        let stages = Words.count(price.stages, "distinct stage")
        guard price.pending > 0 else { return "\(stages), all cached" }
        var text = "\(stages), \(price.hits) cached, \(price.pending) to run"
        text += ": \(PriceText.text(price.sum, isMost: true))"
        if price.bytes > 0 { text += ", \(Words.bytes(price.bytes)) judging by previous runs" }
        return text
    }

    /// `sweep --plan`.
    func lines(_ plan: SweepPlan) -> [String] {
        var table = TextTable(["cell", "state", "runs", "why"], right: [2])
        let shown =
            plan.cells.count <= Self.shown ? plan.cells : Array(plan.cells.filter { !$0.isDone }.prefix(Self.shown))
        for cell in shown {
            let (state, why) = words(cell.state)
            let pending = cell.stages.count(where: \.isStale)
            table.rows.append([label(cell.cell), state, cell.isDone ? "" : "\(pending) of \(cell.stages.count)", why])
        }
        var lines = painted(table, states: shown.map { words($0.state).state })
        if shown.count < plan.cells.count {
            lines.append("and \(Words.count(plan.cells.count - shown.count, "cell")) more")
        }
        let ending =
            "\(plan.done) of \(Words.count(plan.cells.count, "cell")) done; \(Self.price(plan.price)). sweep "
            + "\(sweep.id)"
        return lines + ["", ending]
    }

    private func words(_ state: SweepCellPlan.State) -> (state: String, why: String) {
        switch state {
        case .done(let run): ("done", "run \(run)")
        case .failed(let message): ("failed", firstLine(message))
        case .missing(let reason): ("missing", firstLine(reason))
        }
    }

    // MARK: Progress

    func line(_ event: SweepEvent) -> String? {
        switch event {
        case .cellStarted(let cell, let number, let total, let sum):
            // Stages without an estimate are in no sum.
            let least = sum.map { $0.unknown > 0 } ?? false ? "at least " : ""
            let left = sum.map { $0.price.high >= 1 ? ", \(least)\(PriceText.text($0.price)) to go" : "" } ?? ""
            return terminal.paint("cell \(number) of \(total)", .bold) + "  \(label(cell))\(left)"
        case .cellBusy(let cell, let holder):
            return "\(label(cell)) is being run by \(holder); it is checked again at the end"
        case .cellFinished(let outcome) where outcome.state == .failed && outcome.run == nil:
            return "\(label(outcome.cell))  " + terminal.paint("FAILED", .red) + "  "
                + Words.plain(outcome.message ?? "")
        case .cellFinished: return nil
        case .expectation(let claim):
            let mark = claim.holds ? terminal.paint("holds", .green) : terminal.paint("FAILS", .red)
            return "expect  \(claim.text): \(mark) (\(claim.evidence))"
        }
    }

    // MARK: Summary

    /// Warnings of its runs, the table of cells, the settings, and the outcome. A stopped sweep prints only that it was
    /// stopped.
    /// - Parameter warnings: those of the runs that represent its cells.
    func lines(_ outcome: SweepOutcome, warnings: WarningDigest) -> [String] {
        if outcome.status == .interrupted { return [stopped(outcome)] }
        let metric = SweptMetric(sweep, outcome)
        var lines = warnings.lines(limit: Self.mostWarnings).map {
            terminal.paint("warning: ", .yellow) + Words.plain($0)
        }
        if !lines.isEmpty { lines.append("") }
        let shown =
            outcome.cells.count <= Self.shown
            ? outcome.cells : Array(outcome.cells.filter { !$0.isFinished }.prefix(Self.shown))
        if !shown.isEmpty {
            var table = TextTable(
                ["cell", "state", "time"] + (metric.map { [head($0.name)] } ?? []) + (isNarrow ? [] : ["run"]) + [
                    "why"
                ],
                right: metric == nil ? [2] : [2, 3])
            for cell in shown {
                let number = metric.map { [$0.value(of: cell).map(Words.number) ?? ""] } ?? []
                table.rows.append(
                    [label(cell.cell), cell.state.rawValue, cell.executed > 0 ? Words.duration(cell.seconds) : ""]
                        + number
                        + (isNarrow ? [] : [cell.run ?? ""]) + [firstLine(cell.message ?? "")])
            }
            lines += painted(table, states: shown.map(\.state.rawValue))
        }
        if shown.count < outcome.cells.count {
            lines.append("and \(Words.count(outcome.cells.count - shown.count, "cell")) more")
        }
        if isNarrow, !shown.isEmpty { lines += Words.hidden(["run"]) }
        let note = metric?.note.map { ["note: \($0)"] } ?? []
        return lines + settings(outcome, metric) + note + unmeasured(outcome, metric) + ["", summary(outcome)]
    }

    private static let mostWarnings = 8

    /// If there is no room for run ids, `runs sweeps` shows them.
    private var isNarrow: Bool { terminal.width.map { $0 < 110 } ?? false }

    private func head(_ metric: String) -> String { isNarrow ? Words.shortened(metric, to: 20) : metric }

    private func stopped(_ outcome: SweepOutcome) -> String {
        let done = outcome.cells.count(where: \.isFinished)
        return terminal.paint("stopped", .yellow) + " after \(Words.duration(outcome.seconds)): \(done) of "
            + "\(Words.count(outcome.cells.count, "cell")) done; run the same command again to resume. sweep "
            + "\(outcome.sweep)"
    }

    /// One line per setting, if there are replicates to average.
    private func settings(_ outcome: SweepOutcome, _ metric: SweptMetric?) -> [String] {
        guard let metric, sweep.spec.replicates.count > 1 else { return [] }
        var table = TextTable(
            ["setting", "done", "mean \(head(metric.name))", "sd", "min", "max"], right: [1, 2, 3, 4, 5])
        for arm in sweep.arms {
            let cells = outcome.cells.filter { $0.cell.arm == arm.arm }, values = cells.compactMap(metric.value(of:))
            let mean = values.reduce(0, +) / Double(values.count)
            let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            table.rows.append([
                arm.arm, "\(cells.count(where: \.isFinished))/\(cells.count)", values.isEmpty ? "" : Words.number(mean),
                values.count > 1 ? Words.number((square / Double(values.count - 1)).squareRoot()) : "",
                values.min().map(Words.number) ?? "", values.max().map(Words.number) ?? "",
            ])
        }
        return [""]
            + table.lines(width: terminal.width) { row, _, text in row == nil ? terminal.paint(text, .dim) : text }
    }

    /// Explains an empty metric column.
    private func unmeasured(_ outcome: SweepOutcome, _ shown: SweptMetric?) -> [String] {
        guard let metric = sweep.spec.metric?.name, let shown, let cell = outcome.cells.first(where: \.isFinished),
            !outcome.cells.contains(where: { shown.value(of: $0) != nil })
        else { return [] }
        let known = (cell.metrics ?? [:]).filter { metric.hasPrefix($0.key + ".") }.flatMap { stage in
            stage.value.keys.map { "\(stage.key).\($0)" }
        }
        let hint = Suggestion.nearest(to: metric, among: known).map { " Did you mean `\($0)`?" } ?? ""
        return ["note: no cell measured the sweep's metric `\(metric)`.\(hint)"]
    }

    private func summary(_ outcome: SweepOutcome) -> String {
        func count(_ state: SweepCellOutcome.State) -> Int { outcome.cells.count { $0.state == state } }
        let parts = [SweepCellOutcome.State.done, .cached, .failed, .missing].filter { count($0) > 0 }.map {
            "\(count($0)) \($0.rawValue)"
        }
        let failed = outcome.expectations.count { !$0.holds }
        let ending = RunEnding(status: outcome.status, expectations: outcome.expectations.count, failed: failed)
        let complete = outcome.cells.allSatisfy(\.isFinished) ? "complete" : "incomplete"
        var status = ending.clause(" in \(Words.duration(outcome.seconds))"), color = ending.color
        if outcome.status == .succeeded, failed == 0, outcome.exitCode == 6 {
            (status, color) = (
                "finished in \(Words.duration(outcome.seconds)), but an expectation of a run failed", .red
            )
        }
        return "\(terminal.paint(status, color)): \(parts.joined(separator: ", ")); \(complete). sweep \(outcome.sweep)"
    }

    private func painted(_ table: TextTable, states: [String]) -> [String] {
        table.lines(width: terminal.width) { row, column, text in
            guard let row else { return terminal.paint(text, .dim) }
            let colors: [String: Terminal.Color] = [
                "done": .green, "cached": .blue, "failed": .red, "missing": .yellow,
            ]
            return column == 1 ? terminal.paint(text, colors[states[row]] ?? .dim) : text
        }
    }

    private func firstLine(_ message: String) -> String { String(message.prefix { $0 != "\n" }) }
}

extension SweepEvent {
    /// The JSON line of `sweep --json`, between the events of the runs.
    var value: Value? {
        switch self {
        case .cellStarted(let cell, let number, let total, let left):
            [
                "event": "cell.started", "schema": 1, "arm": .string(cell.arm), "replicate": .int(cell.replicate),
                "number": .int(number),
                "of": .int(total), "seconds_left": left.map { .double($0.price.seconds) } ?? .null,
                "unknown_left": left.map { .int($0.unknown) } ?? .null,
            ]
        case .cellBusy(let cell, let holder):
            [
                "event": "cell.busy", "schema": 1, "arm": .string(cell.arm), "replicate": .int(cell.replicate),
                "holder": .string(holder),
            ]
        case .cellFinished(let outcome):
            .map((outcome.value.map ?? [:]).merging(["event": "cell.finished", "schema": 1]) { _, new in new })
        case .expectation(let claim):
            .map((claim.value.map ?? [:]).merging(["event": "claim", "schema": 1]) { _, new in new })
        }
    }
}

extension Words {
    /// The text of a diagnostic that is only a warning.
    static func warning(_ diagnostic: Diagnostic) -> String {
        diagnostic.description.replacing("error: ", with: "warning: ", maxReplacements: 1)
    }
}
