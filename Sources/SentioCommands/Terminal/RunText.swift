import SentioKit
import SentioRunStore

/// Runs as text for people.
enum RunText {
    static func lines(_ details: RunDetails) -> [String] {
        let run = details.summary
        var lines = ["run \(run.id)\(run.name.map { " (\($0))" } ?? "")  \(run.pipeline)  \(run.status.rawValue)"]
        lines.append(
            "started \(Words.date(run.startedAt))\(run.seconds.map { ", took \(Words.duration($0))" } ?? ""), on \(run.host), seed \(run.seed)\(run.gitCommit.map { ", commit \($0.prefix(12))\(run.gitDirty == true ? " (changed)" : "")" } ?? "")"
        )
        if let sweep = run.sweep {
            // A sweep over nothing but replicates has cells without a setting.
            let setting = run.arm.map { $0.isEmpty ? "" : ", \($0)" } ?? ""
            lines.append("cell of sweep \(sweep)\(setting), replicate \(run.replicate)")
        }
        if !run.tags.isEmpty {
            lines.append("tags: " + run.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))
        }
        if let note = run.note {
            lines.append("note: " + note.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " "))
        }
        lines.append("command: sentio-pipeline \(details.arguments.joined(separator: " "))")
        if !details.parameters.isEmpty {
            var table = TextTable(["param", "value", "from"])
            for parameter in details.parameters { table.rows.append([parameter.name, parameter.value.text, parameter.origin]) }
            lines += [""] + table.lines()
        }
        var table = TextTable(["stage", "kind", "state", "time", "items", "why"], right: [3])
        for stage in details.stages {
            let items = stage.items.map { $0.executed > 0 ? "\($0.total) (\($0.executed) new)" : "\($0.total)" } ?? ""
            let why = stage.reasonText ?? stage.message.map { String($0.prefix { $0 != "\n" }) } ?? ""
            table.rows.append([
                stage.stage, stage.kind, stage.state, stage.state == "executed" ? stage.seconds.map(Words.duration) ?? "" : "", items, why,
            ])
        }
        lines += [""] + table.lines()
        for stage in details.stages where !stage.metrics.isEmpty {
            lines.append("")
            var metrics = TextTable([stage.stage, "value"], right: [1])
            for (name, value) in stage.metrics.sorted(by: { $0.key < $1.key }) { metrics.rows.append([name, Words.number(value)]) }
            lines += metrics.lines()
        }
        for warning in details.warnings { lines.append("warning: \(warning.stage.map { "\($0): " } ?? "")\(warning.sentence)") }
        for expectation in details.expectations {
            lines.append("expect \(expectation.text): \(expectation.holds ? "holds" : "FAILS") (\(expectation.evidence))")
        }
        return lines
    }

    /// How often the run's test songs were looked at, and the how-manieth look was the run's own.
    static func lines(_ looks: [TestSetUse], of run: String) -> [String] {
        looks.map { use in
            let own = use.looks.indices.filter { use.looks[$0].run == run }.map { "\($0 + 1)" }
            let place = own.isEmpty ? "This run only repeated one." : "This run's: number \(own.prefix(10).joined(separator: ", "))."
            return "test songs \(use.hash.prefix(12)): \(use.sentence) \(place)"
        }
    }

    static func lines(_ tainted: [TaintedStage]) -> [String] {
        var stages: [String: [String]] = [:], songs: [(name: String, reason: String)] = []
        for entry in tainted {
            if stages[entry.song.id] == nil { songs.append((entry.song.id, entry.song.reason)) }
            stages[entry.song.id, default: []].append(entry.stage)
        }
        return songs.map { "tainted: \($0.name) (\($0.reason)) reached \((stages[$0.name] ?? []).joined(separator: ", "))" }
    }

    /// - parameter remarks: whether the remarks end it.
    static func lines(_ comparison: RunComparison, remarks: Bool = true) -> [String] {
        var lines: [String] = []
        let header = [""] + comparison.runs.map { $0.name ?? $0.id }
        func section(_ title: String, _ rows: [RunComparison.Row], difference: Bool) {
            guard !rows.isEmpty else { return }
            var table = TextTable([title] + header.dropFirst() + (difference ? ["difference"] : []), right: Set(1...header.count))
            for row in rows {
                let cells = row.values.map { value in value.map { $0.double.map(Words.number) ?? $0.text } ?? "-" }
                let numbers = row.values.compactMap { $0?.double }
                let change = numbers.count == 2 && row.values.count == 2 ? signed(numbers[1] - numbers[0]) : ""
                table.rows.append([row.name] + cells + (difference ? [change] : []))
            }
            if !lines.isEmpty { lines.append("") }
            lines += table.lines()
        }
        let params = Set(comparison.parameters.map(\.name))
        section("param", comparison.parameters, difference: false)
        section("stage parameter", comparison.configuration.filter { !params.contains($0.name) }, difference: false)
        section("metric", comparison.metrics, difference: comparison.runs.count == 2)
        if lines.isEmpty { lines.append("The runs have the same parameters and the same metrics.") }
        if remarks { for remark in comparison.remarks { lines.append("note: \(remark)") } }
        return lines
    }

    private static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Words.number(value) }
}
