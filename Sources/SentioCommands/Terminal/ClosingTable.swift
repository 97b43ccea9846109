import SentioKit

/// What a run did, stage by stage, when it is over: state, time, items, reason, and the metrics that matter.
struct ClosingTable {
    let outcome: RunOutcome
    let terminal: Terminal

    /// Lines for standard output. A long pipeline with nothing to say about most stages is summed up.
    var lines: [String] {
        var out: [String] = []
        let shown = outcome.stages.count <= 40 ? outcome.stages : outcome.stages.filter { $0.state != .cached }
        if !shown.isEmpty {
            var table = TextTable(["stage", "state", "time", "items", "why"], right: [2])
            for stage in shown { table.rows.append([stage.stage, stage.state.rawValue, time(stage), items(stage), why(stage)]) }
            out += table.lines { row, column, text in
                guard let row else { return terminal.paint(text, .dim) }
                return column == 1 ? terminal.paint(text, color(shown[row].state)) : text
            }
        }
        if shown.count < outcome.stages.count { out.append("and \(outcome.stages.count - shown.count) stages that were up to date") }
        for stage in outcome.stages where !stage.metrics.isEmpty {
            let metrics = MetricTable(stage: stage)
            if metrics.isWorthShowing { out += [""] + metrics.lines }
        }
        out += ["", summary]
        return out
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
        case .failed, .skipped: String((stage.message ?? "").prefix { $0 != "\n" }.prefix(100))
        }
    }

    private func color(_ state: StageState) -> Terminal.Color {
        switch state {
        case .executed: .green
        case .cached: .blue
        case .failed: .red
        case .skipped: .yellow
        }
    }
}

/// The metrics of one stage. Names of the form `group.target.measure` with `low` and `high` beside them become a table
/// with intervals; others a line each.
struct MetricTable {
    let stage: StageOutcome

    var isWorthShowing: Bool { stage.state == .executed || stage.state == .cached }

    var lines: [String] {
        let measures = ["r2", "rmse", "mae", "pearson", "ccc"]
        var groups: [String] = []
        for name in stage.metrics.keys {
            let parts = name.split(separator: ".")
            if let measure = parts.last, parts.count >= 2, measures.contains(String(measure)) {
                let group = parts.dropLast().joined(separator: ".")
                if !groups.contains(group) { groups.append(group) }
            }
        }
        groups = groups.filter { group in measures.filter { stage.metrics["\(group).\($0)"] != nil }.count >= 3 }
        guard !groups.isEmpty else { return plain }
        var table = TextTable([stage.stage] + measures.map { $0.uppercased() }, right: Set(1...measures.count))
        for group in groups.sorted(by: order) {
            table.rows.append([group] + measures.map { cell("\(group).\($0)") })
        }
        return table.lines()
    }

    /// The mean-predictor rows last, scaled ones left to the record.
    private func order(_ left: String, _ right: String) -> Bool {
        func rank(_ text: String) -> Int { text.contains("baseline") ? 1 : 0 }
        return (rank(left), left) < (rank(right), right)
    }

    private func cell(_ name: String) -> String {
        guard let value = stage.metrics[name] else { return "" }
        guard let low = stage.metrics[name + ".low"], let high = stage.metrics[name + ".high"] else { return Words.fixed(value, 3) }
        return "\(Words.fixed(value, 3)) [\(Words.fixed(low, 2)), \(Words.fixed(high, 2))]"
    }

    private var plain: [String] {
        let shown = stage.metrics.sorted { $0.key < $1.key }.prefix(12).map { "\($0.key) \(Words.number($0.value))" }
        return ["\(stage.stage): \(shown.joined(separator: ", "))"]
    }
}
