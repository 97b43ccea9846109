import SentioBase
import SentioKit
public import SentioLearn
import SentioRunStore

/// One self-contained HTML file about runs: nothing is loaded from anywhere, it works without JavaScript, on a phone
/// and on paper.
public struct ReportPage: Sendable {
    public var title: String
    /// Runs whose details are shown.
    public var runs: [RunReport]
    public var comparison: ReportComparison?
    /// Sentences on the use of the test songs.
    public var ledger: [String] = []
    /// Songs with a player of 10 seconds, those with the largest errors first.
    public var players = 0
    public var statistics: PairedComparison

    public init(title: String, runs: [RunReport], comparison: ReportComparison? = nil, statistics: PairedComparison) {
        self.title = title
        self.runs = runs
        self.comparison = comparison
        self.statistics = statistics
    }

    /// - throws: `LearnError` where predictions cannot be scored.
    public func html() throws -> String {
        var sections: [ReportSection] = []
        if let comparison { sections.append(ComparisonSection.section(comparison)) }
        if let scores = ScoreSection.section(runs, ceilings: ceilings) { sections.append(scores) }
        sections += [
            section(
                "predictions", "Predictions",
                try runs.enumerated().map { place, run in
                    try (PredictionSection.charts(run, statistics: statistics, place: place), run)
                }),
            texts("training", "Learning curves") { TrainingSection.html($0, place: $1) },
            section(
                "importance", "What the trees look at",
                runs.enumerated().map { (ImportanceSection.charts($1, place: $0), $1) }),
        ].compactMap { $0 }
        sections += [
            texts("spectrograms", "Spectrograms") { run, _ in
                SheetSection.html(run, songs: pictured(run), share: runs.count)
            },
            texts("songs", "Songs") { run, place in
                SongSection.html(run, players: place == runs.count - 1 ? players : 0)
            },
            texts("run", "What was run") { run, place in RunSection.html(run, place: place) },
            ClaimsSection.section(runs.map(\.details.claims)),
        ].compactMap { $0 }
        let links = sections.map { "<a href=\"#\($0.name)\">\(Markup.escaped($0.title))</a>" }.joined()
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
            <link rel="icon" href="data:,"><title>\(Markup.escaped(title))</title><style>\(ReportStyle.css)</style></head>
            <body><main><header><h1>\(Markup.escaped(title))</h1>\(heading)</header><nav>\(links)</nav>
            \(sections.map(\.html).joined(separator: "\n"))
            </main><script>\(ReportStyle.script)</script></body></html>

            """
    }

    /// Nothing is loaded, and of scripts and styles only the page's own, told by their hashes: what a song's name or a
    /// note brings in would not run.
    static var policy: String {
        func hash(_ text: String) -> String { "'sha256-\(Base64.text(Hashing.content(text).bytes))'" }
        return
            "default-src 'none';img-src data:;media-src data:;style-src \(hash(ReportStyle.css));script-src "
            + "\(hash(ReportStyle.script));"
            + "base-uri 'none';form-action 'none'"
    }

    private var heading: String {
        let lines = runs.map { run in
            let summary = run.details.summary
            let took =
                summary.seconds.map { ", took \(summary.isCutOff ? "at least " : "")\(DurationText.measured($0))" }
                ?? ""
            return
                "run \(summary.id)\(summary.name.map { " (\($0))" } ?? ""): \(summary.pipeline), "
                + "\(ending(summary))\(took), on \(summary.host)"
        }
        // A sweep's page shows two runs of many.
        let subject = comparison == nil || runs.isEmpty ? "" : Markup.element("p", text: "Shown in full below:")
        let failures = runs.map { RunSection.failures($0.details) }.joined() + warnings
        let verdicts = runs.compactMap(\.details.summary.verdict).map {
            "<p class=\"finding\">\(Markup.escaped($0))</p>"
        }.joined()
        let unscored = runs.filter { $0.columns.isEmpty }.map { run in
            "<p class=\"note\">\(Markup.escaped(run.label)) has no scores: none of its `evaluate` or `cross-validate` "
                + "stages has finished.</p>"
        }.joined()
        let notes = ledger.map { "<p class=\"note\">\(Markup.escaped($0))</p>" }.joined()
        return subject + lines.map { "<p class=\"dim\">\(Markup.escaped($0))</p>" }.joined() + failures + verdicts
            + unscored + notes
    }

    private func ending(_ run: RunSummary) -> String {
        RunEnding(status: run.status, expectations: run.expectations, failed: run.failedExpectations).clause
    }

    /// What stands above everything else: a warning may take back what the numbers below it claim.
    private var warnings: String {
        let digest = WarningDigest(runs.flatMap(\.details.warnings)), typed = runs.flatMap(\.details.arguments)
        return digest.lines(limit: Self.mostWarnings).map { line in
            "<p class=\"note bad\">\(Markup.escaped("Warning: " + PathText.shortened(line, typed: typed)))</p>"
        }.joined()
    }

    private static let mostWarnings = 8

    /// Of the songs that the last run was scored on.
    private var ceilings: [RaterCeiling] {
        guard let run = runs.last else { return [] }
        return run.drawn.compactMap {
            RaterCeiling(dimension: $0.dimension, songs: $0.songs, truth: $0.truth, facts: run.facts)
        }
    }

    /// The three best and the three worst predicted songs.
    private func pictured(_ run: RunReport) -> [(id: String, words: String)] {
        let songs = SongSection.songs(run), worst = songs.prefix(3), best = songs.dropFirst(worst.count).suffix(3)
        return worst.map { ($0.id, "missed by \(Numerals.fixed($0.error, 2))") }
            + best.reversed().map { ($0.id, "missed by only \(Numerals.fixed($0.error, 2))") }
    }

    private func section(_ name: String, _ title: String, _ parts: [(charts: [Chart], run: RunReport)])
        -> ReportSection?
    {
        let content = parts.filter { !$0.charts.isEmpty }.map { part in
            (runs.count > 1 ? Markup.element("h3", text: part.run.label) : "")
                + "<div class=\"charts\">\(part.charts.map(\.html).joined())</div>"
        }.joined()
        return content.isEmpty ? nil : ReportSection(name: name, title: title, content: content)
    }

    private func texts(_ name: String, _ title: String, _ body: (RunReport, Int) -> String) -> ReportSection? {
        let content = runs.enumerated().map { place, run in
            let text = body(run, place)
            return text.isEmpty ? "" : (runs.count > 1 ? Markup.element("h3", text: run.label) : "") + text
        }.joined()
        return content.isEmpty ? nil : ReportSection(name: name, title: title, content: content)
    }
}
