import SentioKit
import SentioRunStore

/// A run as text for people: outcome, warnings, scores, what ran. Without `all`, about one screen.
struct RunText {
    let details: RunDetails
    /// Whether to show every stage, param, metric and warning.
    var all = false
    /// Width of the terminal; nil: nothing is cut.
    var width: Int?

    /// Maximum number of lines of each part.
    private static let (mostWarnings, mostExpectations, mostParameters, mostStages, mostScores, mostOfMessage) = (
        5, 4, 6, 12, 6, 4
    )

    var lines: [String] {
        let run = details.summary
        let ending = RunEnding(status: run.status, expectations: run.expectations, failed: run.failedExpectations)
        var lines = ["run \(run.id)\(run.name.map { " (\($0))" } ?? "")  \(run.pipeline)  \(ending.clause)"]
        lines += failures + warnings + expectations + outcome
        lines.append(contentsOf: ["", started] + place)
        lines += parameters + stages
        if all { lines += metrics }
        return lines
    }

    // MARK: Outcome

    private var failures: [String] {
        let failed = details.stages.filter { $0.state == "failed" }
        let shown = all ? failed[...] : failed.prefix(3)
        var lines = shown.map { stage in
            let message = (stage.message ?? "no message").split(separator: "\n", omittingEmptySubsequences: false)
            return "\(stage.stage) failed: "
                + (all ? message[...] : message.prefix(Self.mostOfMessage)).joined(separator: "\n")
        }
        if shown.count < failed.count { lines.append("and \(failed.count - shown.count) more stages failed") }
        let skipped = details.stages.count { $0.state == "skipped" }
        if skipped > 0, run.status == .failed {
            lines.append("\(Words.count(skipped, "stage")) did not run because of that")
        }
        return lines
    }

    private var run: RunSummary { details.summary }

    private var warnings: [String] {
        WarningDigest(details.warnings).lines(limit: all ? nil : Self.mostWarnings).map {
            "warning: \(Words.plain($0))"
        }
    }

    private var expectations: [String] {
        let failed = details.expectations.filter { !$0.holds }, holding = details.expectations.filter(\.holds)
        let shown = all ? failed + holding : Array(failed.prefix(Self.mostExpectations))
        var lines = shown.map { "expect \($0.text): \($0.holds ? "holds" : "FAILS") (\($0.evidence))" }
        if !all, !holding.isEmpty {
            lines.append("\(Words.count(holding.count, "expectation")) \(holding.count == 1 ? "holds" : "hold")")
        }
        if !details.unchecked.isEmpty {
            let count = details.unchecked.count
            lines.append(
                "\(Words.count(count, "expectation")) \(count == 1 ? "was" : "were") not checked: "
                    + "\(details.unchecked.joined(separator: "; "))"
            )
        }
        return lines
    }

    /// The verdict, and the scores of the headline's stage.
    private var outcome: [String] {
        var lines = run.verdict.map { Words.wrapped($0, to: width) } ?? []
        let scored = details.stages.first { $0.stage == run.about?.stage }
        let table = scored.map { MetricTable(title: title($0.stage), metrics: $0.metrics, width: width) }
        if let table, let shown = table.lines {
            lines += [""] + shown + Words.hidden(table.hidden)
        } else if !run.headline.isEmpty {
            var table = TextTable(["headline", ""], right: [1])
            for metric in run.headline.prefix(Self.mostScores) {
                table.rows.append([metric.name, Words.number(metric.value)])
            }
            lines += [""] + table.lines(width: width)
        } else if let about = run.about, run.status != .running {
            lines.append("no scores: \(about.stage) did not finish")
        }
        return lines
    }

    /// A model is called by its own name, followed by that of the stage that scores it.
    private func title(_ stage: String) -> String { details.model(behind: stage).map { "\($0): \(stage)" } ?? stage }

    // MARK: Stages

    private var started: String {
        "started \(Words.date(run.startedAt))\(run.took.map { ", took \($0)" } ?? ""), on \(run.host), seed \(run.seed)"
            + (run.gitCommit.map { ", commit \($0.prefix(12))\(run.gitDirty == true ? " (dirty)" : "")" } ?? "")
    }

    private var place: [String] {
        var lines: [String] = []
        if let sweep = run.sweep {
            // A sweep over replicates only has cells without a setting.
            let setting = run.arm.map { $0.isEmpty ? "" : ", \($0)" } ?? ""
            lines.append("cell of sweep \(sweep)\(setting), replicate \(run.replicate)")
        }
        if !run.tags.isEmpty {
            lines.append(
                "tags: " + run.tags.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))
        }
        if let note = run.note {
            lines.append(
                "note: " + note.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " "))
        }
        return lines + ["command: sentio-pipeline \(details.arguments.joined(separator: " "))"]
    }

    private var parameters: [String] {
        guard !details.parameters.isEmpty else { return [] }
        // Params that were chosen for this run come before those that are always in the file.
        func rank(_ origin: String) -> Int {
            origin.hasPrefix("--") || origin.hasPrefix("matrix") ? 0 : origin.contains(", profile ") ? 1 : 2
        }
        let sorted =
            all
            ? details.parameters : details.parameters.sorted { (rank($0.origin), $0.name) < (rank($1.origin), $1.name) }
        let shown = all || sorted.count <= Self.mostParameters ? sorted[...] : sorted.prefix(Self.mostParameters - 1)
        var table = TextTable(["param", "value", "from"])
        for parameter in shown { table.rows.append([parameter.name, parameter.value.text, parameter.origin]) }
        let left = details.parameters.count - shown.count
        return [""] + table.lines(width: width) + (left > 0 ? ["and \(Words.count(left, "param")) more (--all)"] : [])
    }

    /// Copies of a stage share a line. Stages that were up to date are only counted.
    private var stages: [String] {
        let rows = Rows(details.stages.map { ($0.stage, $0.copies) }).collapse(details.stages, name: \.stage)
        let ran = all ? rows : rows.filter { row in row.elements.contains { !Self.isQuiet($0) } }
        let shown = all || ran.count <= Self.mostStages ? ran[...] : ran.prefix(Self.mostStages - 1)
        // If there is no room for both, the reason is more useful than the kind.
        let hidden = width.map { $0 < 100 } ?? false ? ["kind"] : [],
            heads = ["stage", "kind", "state", "time", "items", "why"]
        var table = TextTable(heads.filter { !hidden.contains($0) }, right: [hidden.isEmpty ? 3 : 2])
        table.canShortenNames = true
        for (row, stages) in shown {
            table.rows.append(zip(heads, cells(row, stages)).filter { !hidden.contains($0.0) }.map(\.1))
        }
        var lines = table.rows.isEmpty ? [] : [""] + table.lines(width: width) + Words.hidden(hidden)
        let left = ran.dropFirst(shown.count).reduce(0) { $0 + $1.elements.count }
        let quiet = all ? 0 : details.stages.count { Self.isQuiet($0) && $0.state == "cached" }
        var rest: [String] = []
        if left > 0 { rest.append("\(Words.count(left, "more stage")) ran") }
        if quiet > 0 { rest.append("\(Words.count(quiet, "stage")) \(quiet == 1 ? "was" : "were") up to date") }
        if !rest.isEmpty {
            lines +=
                (lines.isEmpty ? [""] : []) + [rest.joined(separator: ", ") + " (--all shows all stages and metrics)"]
        }
        if rest.isEmpty, !all, details.stages.contains(where: { !$0.metrics.isEmpty }) {
            lines.append("--all shows all metrics")
        }
        return lines
    }

    private static func isQuiet(_ stage: StageDetails) -> Bool {
        stage.state == "skipped" || stage.state == "cached" && stage.sharedWith == nil
    }

    /// The cells of one stage, or of the copies of one.
    private func cells(_ row: String, _ stages: [StageDetails]) -> [String] {
        let seconds = stages.filter { $0.state == "executed" }.compactMap(\.seconds)
        let time = seconds.isEmpty ? "" : Words.duration(seconds.reduce(0, +))
        let worst =
            ["failed", "interrupted", "running", "executed"].lazy.compactMap { state in
                stages.first { $0.state == state }
            }.first
            ?? stages[0]
        let why =
            worst.sharedWith.map { "same result as `\($0)`" } ?? worst.reasonText ?? worst.message.map {
                String($0.prefix { $0 != "\n" })
            }
            ?? ""
        func state(_ stage: StageDetails) -> String { stage.sharedWith == nil ? stage.state : "shared" }
        guard row != stages[0].stage else {
            let items =
                stages[0].items.map { $0.executed > 0 ? "\($0.total) (\($0.executed) new)" : "\($0.total)" } ?? ""
            return [row, stages[0].kind, state(stages[0]), time, items, why]
        }
        var counts: [String: Int] = [:]
        for stage in stages { counts[state(stage), default: 0] += 1 }
        let states =
            counts.count == 1
            ? state(stages[0])
            : counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return [row, stages[0].kind, states, time, "\(stages.count) stages", why]
    }

    private var metrics: [String] {
        details.stages.filter { !$0.metrics.isEmpty }.flatMap { stage in
            var table = TextTable([stage.stage, "value"], right: [1])
            for (name, value) in stage.metrics.sorted(by: { $0.key < $1.key }) {
                table.rows.append([name, Words.number(value)])
            }
            return [""] + table.lines()
        }
    }

    // MARK: Ledger and taints

    /// How often the run's test songs were used, and which of the uses are the run's own.
    static func lines(_ looks: [TestSetUse], of run: String) -> [String] {
        looks.map { use in
            let own = use.looks.indices.filter { use.looks[$0].run == run }.map { "\($0 + 1)" }
            let place =
                own.isEmpty
                ? "This run only repeated an earlier use."
                : "Number \(own.prefix(10).joined(separator: ", ")) was this run's."
            return "test songs \(use.hash.prefix(12)): \(use.sentence) \(place)"
        }
    }

    static func lines(_ tainted: [TaintedStage]) -> [String] {
        var stages: [String: [String]] = [:], songs: [(name: String, reason: String)] = []
        for entry in tainted {
            if stages[entry.song.id] == nil { songs.append((entry.song.id, entry.song.reason)) }
            stages[entry.song.id, default: []].append(entry.stage)
        }
        return songs.map {
            "tainted: \($0.name) (\($0.reason)) reached \((stages[$0.name] ?? []).joined(separator: ", "))"
        }
    }
}

extension RunSummary {
    /// `12 s`; `at least 12 s` for a run whose process died.
    var took: String? { seconds.map { (isCutOff ? "at least " : "") + Words.duration($0) } }
}
