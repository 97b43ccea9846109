import SentioKit
import SentioSpec

/// The scores of a run: those of its headline's stage, and comparisons of its models. `runs show --all` has the others.
/// A run without scores shows the metrics that it has.
struct ScoreText {
    let outcome: RunOutcome
    let graph: StageGraph
    let terminal: Terminal

    private typealias StageTable = (stage: String, lines: [String], hidden: [String])

    /// Whether the headline's stage has a table of its own.
    var hasOwnTable: Bool { shown.contains { $0.stage == outcome.headline?.stage } }

    var lines: [String] {
        let tables = tables, shown = shown
        guard !tables.isEmpty else { return plain(finished) }
        let left = tables.count { table in !covered.contains(table.stage) } - shown.count
        let hidden = shown.flatMap(\.hidden).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return shown.flatMap { [""] + $0.lines } + Words.hidden(hidden)
            + (left > 0 ? ["\(Words.count(left, "more stage")) with scores: `runs show --all`"] : [])
    }

    private var finished: [StageOutcome] {
        outcome.stages.filter {
            !$0.metrics.isEmpty && ($0.state == .executed || $0.state == .cached) && speaksForItself($0)
        }
    }

    private var tables: [StageTable] {
        finished.compactMap { stage in
            let title = graph.model(behind: stage.stage).map { "\($0): \(stage.stage)" } ?? stage.stage
            let table = MetricTable(title: title, metrics: stage.metrics, width: terminal.width)
            return table.lines.map { (stage.stage, $0, table.hidden) }
        }
    }

    /// The stages whose scores the run's comparisons already show.
    private var covered: Set<String> {
        Set(finished.filter { isComparison($0.stage) }.flatMap { graph[$0.stage]?.inputs.map(\.producer) ?? [] })
    }

    /// If there are comparisons, only the headline's own scores are added, unless a comparison already shows them.
    private var shown: [StageTable] {
        let compared = tables.filter { isComparison($0.stage) }, own = tables.filter { !isComparison($0.stage) }
        return compared.isEmpty
            ? own : compared + own.filter { $0.stage == outcome.headline?.stage && !covered.contains($0.stage) }
    }

    /// One line per stage.
    private func plain(_ stages: [StageOutcome]) -> [String] {
        var table = TextTable(["metrics", ""])
        for stage in stages.prefix(20) {
            let shown = stage.metrics.sorted { $0.key < $1.key }.prefix(12).map {
                "\($0.key) \(Words.number($0.value))"
            }
            table.rows.append([stage.stage, shown.joined(separator: ", ")])
        }
        if table.rows.isEmpty { return [] }
        let lines = table.lines(width: terminal.width) { row, _, text in row == nil ? terminal.paint(text, .dim) : text
        }
        return [""] + lines + (stages.count > 20 ? ["and \(stages.count - 20) more: `runs show --all`"] : [])
    }

    private func isComparison(_ stage: String) -> Bool {
        graph[stage]?.outputs.contains { $0.type == .comparison } ?? false
    }

    /// Of a group, only the stage that bears its name shows its metrics: the comparison of its models.
    private func speaksForItself(_ stage: StageOutcome) -> Bool {
        guard stage.stage != outcome.headline?.stage, let group = graph[stage.stage]?.group else { return true }
        return group.row == nil && group.name == stage.stage
    }
}

extension StageGraph {
    /// The stage whose predictions a stage scores: what users call the model. Nil if there is none, or more than one.
    func model(behind stage: String) -> String? {
        let models = Set((self[stage]?.inputs ?? []).filter { $0.output.type == .predictions }.map(\.producer))
        return models.count == 1 ? models.first : nil
    }
}
