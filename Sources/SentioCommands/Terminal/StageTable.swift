import SentioKit
import SentioSpec

/// The stages that a run computed: state, time, items and reason. Stages that were up to date are only counted.
struct StageTable {
    let stages: [StageOutcome]
    /// Identifies copies of a stage, which share a line.
    let graph: StageGraph
    let terminal: Terminal

    var lines: [String] {
        let rows = Rows(stages.map(\.stage), graph).collapse(stages, name: \.stage)
        let shown = rows.filter { $0.elements.contains { $0.state != .cached || $0.sharedWith != nil } }
        var cells = shown.map { self.cells($0.row, $0.elements) }
        // On a first run nearly all reasons are the same.
        let common = Self.common(cells.map { $0[4] })
        if let common { for index in cells.indices where cells[index][4] == common { cells[index][4] = "" } }
        let hasReasons = cells.contains { !$0[4].isEmpty }
        var table = TextTable(["stage", "state", "time", "items"] + (hasReasons ? ["why"] : []), right: [2])
        table.canShortenNames = true
        table.rows = hasReasons ? cells : cells.map { Array($0.dropLast()) }
        var lines = table.lines(width: terminal.width) { row, column, text in
            guard let row else { return terminal.paint(text, .dim) }
            return column == 1 ? terminal.paint(text, color(worst(shown[row].elements))) : text
        }
        if let common { lines.append("why\(hasReasons ? ", for the other stages" : ""): \(common)") }
        let left = stages.count - shown.reduce(0) { $0 + $1.elements.count }
        if left > 0 { lines.append("and \(Words.count(left, "stage")) that \(left == 1 ? "was" : "were") up to date") }
        return lines
    }

    /// The reason that most lines share, if it is worth printing only once.
    private static func common(_ reasons: [String]) -> String? {
        var counts: [String: Int] = [:]
        for reason in reasons where !reason.isEmpty { counts[reason, default: 0] += 1 }
        return counts.first { $0.value > 2 && $0.value * 2 > reasons.count }?.key
    }

    /// The cells of one stage, or of the copies of one.
    private func cells(_ row: String, _ stages: [StageOutcome]) -> [String] {
        guard row != stages[0].stage else {
            let stage = stages[0]
            return [
                stage.stage, state(stage), stage.state == .executed ? Words.duration(stage.seconds) : "", items(stage),
                why(stage),
            ]
        }
        var counts: [(state: String, count: Int)] = []
        for stage in stages {
            let state = state(stage)
            if let place = counts.firstIndex(where: { $0.state == state }) {
                counts[place].count += 1
            } else {
                counts.append((state, 1))
            }
        }
        let seconds = stages.filter { $0.state == .executed }.map(\.seconds)
        return [
            row, counts.count == 1 ? counts[0].state : counts.map { "\($0.count) \($0.state)" }.joined(separator: ", "),
            seconds.isEmpty ? "" : Words.duration(seconds.reduce(0, +)), "\(stages.count) stages", why(worst(stages)),
        ]
    }

    private func state(_ stage: StageOutcome) -> String { stage.sharedWith == nil ? stage.state.rawValue : "shared" }

    /// The stage whose state represents a row.
    private func worst(_ stages: [StageOutcome]) -> StageOutcome {
        let order: [StageState] = [.failed, .executed, .skipped, .cached]
        return order.lazy.compactMap { state in stages.first { $0.state == state } }.first ?? stages[0]
    }

    private func items(_ stage: StageOutcome) -> String {
        guard let items = stage.items else { return "" }
        if items.executed == 0, items.failed == 0 { return "\(items.total)" }
        return "\(items.total) (\(items.executed) new\(items.failed > 0 ? ", \(items.failed) failed" : ""))"
    }

    private func why(_ stage: StageOutcome) -> String {
        if let other = stage.sharedWith { return "same result as `\(other)`" }
        return stage.state == .executed ? stage.reason?.text ?? "" : ""
    }

    private func color(_ stage: StageOutcome) -> Terminal.Color {
        switch stage.state {
        case .executed: .green
        case .cached: .blue
        case .failed: .red
        case .skipped: .yellow
        }
    }
}
