import SentioEngine
import SentioKit

/// What a run did, stage by stage, when it is over: state, time, items, reason, and the metrics that matter.
struct ClosingTable {
    let outcome: RunOutcome
    /// Says which stages are copies of one in the file; those share a line.
    let graph: StageGraph
    let terminal: Terminal

    /// Lines for standard output. A long pipeline with nothing to say about most stages is summed up.
    var lines: [String] {
        var out: [String] = []
        let all = Rows(outcome.stages.map(\.stage), graph).collapse(outcome.stages, name: \.stage)
        let shown = all.count <= 40 ? all : all.filter { $0.elements.contains { $0.state != .cached } }
        if !shown.isEmpty {
            var table = TextTable(["stage", "state", "time", "items", "why"], right: [2])
            for (row, stages) in shown { table.rows.append(cells(row, stages)) }
            out += table.lines(width: terminal.width) { row, column, text in
                guard let row else { return terminal.paint(text, .dim) }
                return column == 1 ? terminal.paint(text, color(worst(shown[row].elements).state)) : text
            }
        }
        let left = outcome.stages.count - shown.reduce(0) { $0 + $1.elements.count }
        if left > 0 { out.append("and \(Words.count(left, "stage")) that \(left == 1 ? "was" : "were") up to date") }
        out += metrics
        out += ["", summary]
        return out
    }

    /// One line a stage, and a table for each stage that scores.
    private var metrics: [String] {
        var plain = TextTable(["metrics", ""]), tables: [String] = []
        for stage in outcome.stages
        where !stage.metrics.isEmpty && (stage.state == .executed || stage.state == .cached) && speaksForItself(stage) {
            if let lines = MetricTable(stage: stage, width: terminal.width).lines {
                tables += [""] + lines
            } else if plain.rows.count < 40 {
                let shown = stage.metrics.sorted { $0.key < $1.key }.prefix(12).map { "\($0.key) \(Words.number($0.value))" }
                plain.rows.append([stage.stage, shown.joined(separator: ", ")])
            }
        }
        if plain.rows.isEmpty { return tables }
        let lines = plain.lines(width: terminal.width) { row, _, text in row == nil ? terminal.paint(text, .dim) : text }
        return [""] + lines + tables
    }

    private var summary: String {
        func count(_ state: StageState) -> Int { outcome.stages.count { $0.state == state } }
        var parts = ["\(count(.executed)) executed", "\(count(.cached)) cached"]
        if count(.failed) > 0 { parts.append("\(count(.failed)) failed") }
        if count(.skipped) > 0 { parts.append("\(count(.skipped)) skipped") }
        let status = terminal.paint(
            outcome.status.rawValue, outcome.status == .succeeded ? .green : outcome.status == .failed ? .red : .yellow)
        return "\(status) in \(Words.duration(outcome.seconds)): \(parts.joined(separator: ", ")). run \(outcome.run)"
    }

    /// One stage, or the copies of one.
    private func cells(_ row: String, _ stages: [StageOutcome]) -> [String] {
        guard row != stages[0].stage else {
            let stage = stages[0]
            return [stage.stage, stage.state.rawValue, time(stage), items(stage), why(stage)]
        }
        let counts = [StageState.executed, .cached, .failed, .skipped].compactMap { state in
            let count = stages.count { $0.state == state }
            return count > 0 ? count == stages.count ? state.rawValue : "\(count) \(state.rawValue)" : nil
        }
        let seconds = stages.filter { $0.state == .executed }.map(\.seconds)
        let worst = worst(stages)
        return [
            row, counts.joined(separator: ", "), seconds.isEmpty ? "" : Words.duration(seconds.reduce(0, +)),
            "\(stages.count) stages", worst.state == .failed ? "\(worst.stage): \(why(worst))" : why(worst),
        ]
    }

    /// The stage that says most about a line.
    private func worst(_ stages: [StageOutcome]) -> StageOutcome {
        let order: [StageState] = [.failed, .executed, .skipped, .cached]
        return order.lazy.compactMap { state in stages.first { $0.state == state } }.first ?? stages[0]
    }

    /// Of a group only the stage that bears its name shows its metrics: the comparison of its models.
    private func speaksForItself(_ stage: StageOutcome) -> Bool {
        guard let group = graph[stage.stage]?.group else { return true }
        return group.row == nil && group.name == stage.stage
    }

    private func time(_ stage: StageOutcome) -> String { stage.state == .executed ? Words.duration(stage.seconds) : "" }

    private func items(_ stage: StageOutcome) -> String {
        guard let items = stage.items else { return "" }
        if items.executed == 0, items.failed == 0 { return "\(items.total)" }
        return "\(items.total) (\(items.executed) new\(items.failed > 0 ? ", \(items.failed) failed" : ""))"
    }

    private func why(_ stage: StageOutcome) -> String {
        switch stage.state {
        case .executed: stage.reason?.text ?? ""
        case .cached: ""
        case .failed, .skipped: firstLine(stage.message ?? "")
        }
    }

    /// The whole message went to standard error when the stage failed.
    private func firstLine(_ message: String) -> String { String(message.prefix { $0 != "\n" }) }

    private func color(_ state: StageState) -> Terminal.Color {
        switch state {
        case .executed: .green
        case .cached: .blue
        case .failed: .red
        case .skipped: .yellow
        }
    }
}
