import SentioBase
import SentioKit
public import SentioLearn
import SentioRunStore

/// A self-contained HTML file about runs. It loads nothing over the network and works without JavaScript, on a phone
/// and on paper.
public struct ReportPage: Sendable {
    let title: String
    let runs: [RunReport]
    let comparison: ReportComparison?
    /// Sentences about the use of the test songs.
    public var ledger: [String] = []
    /// Number of songs with a player for a 10-second excerpt, those with the largest errors first. Default 0.
    public var players = 0
    let statistics: PairedComparison

    /// - Parameters:
    ///   - runs: the runs to show in detail.
    ///   - comparison: the comparison of these or more runs; nil for a single run.
    ///   - statistics: settings of the bootstrap for the scores in figures.
    public init(title: String, runs: [RunReport], comparison: ReportComparison? = nil, statistics: PairedComparison) {
        self.title = title
        self.runs = runs
        self.comparison = comparison
        self.statistics = statistics
    }

    /// The whole page.
    /// - Throws: `LearnError` if predictions cannot be scored.
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
            section(
                "sequences", "Ratings over time",
                runs.enumerated().map { (SequenceSection.charts($1, place: $0), $1) }),
            texts("classes", "Classes") { run, _ in ClassSection.html(run) },
            texts("training", "Learning curves") { TrainingSection.html($0, place: $1) },
            section(
                "importance", "Feature importance",
                runs.enumerated().map { (ImportanceSection.charts($1, place: $0), $1) }),
        ].compactMap { $0 }
        sections += [
            texts("spectrograms", "Spectrograms") { run, _ in
                SheetSection.html(run, songs: pictured(run), share: runs.count)
            },
            texts("tags", "What the encoder hears") { run, _ in TagSection.html(run) },
            texts("duplicates", "Copies of a recording") { run, _ in DuplicateSection.html(run) },
            texts("songs", "Songs") { run, place in
                SongSection.html(run, players: place == runs.count - 1 ? players : 0)
            },
            texts("run", "Run details") { run, place in RunSection.html(run, place: place) },
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

    /// Content security policy: nothing is loaded, and only the page's own script and style, identified by their
    /// hashes, are allowed. Code injected by names or notes would not run.
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
        // The page of a sweep shows two of many runs.
        let subject = comparison == nil || runs.isEmpty ? "" : Markup.element("p", text: "Shown in detail below:")
        let failures = runs.map { RunSection.failures($0.details) }.joined() + warnings
        let verdicts = runs.compactMap(\.details.summary.verdict).map {
            "<p class=\"finding\">\(Markup.escaped($0))</p>"
        }.joined()
        let unscored = runs.filter {
            $0.columns.isEmpty && !SequenceSection.isScored($0) && !ClassSection.isScored($0)
        }.map { run in
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

    /// Warnings precede everything else, because they may invalidate the numbers below.
    private var warnings: String {
        let digest = WarningDigest(runs.flatMap(\.details.warnings)), typed = runs.flatMap(\.details.arguments)
        return digest.lines(limit: Self.mostWarnings).map { line in
            "<p class=\"note bad\">\(Markup.escaped("Warning: " + PathText.shortened(line, typed: typed)))</p>"
        }.joined()
    }

    private static let mostWarnings = 8

    /// Ceilings for the songs that the last run was scored on.
    private var ceilings: [RaterCeiling] {
        guard let run = runs.last else { return [] }
        return run.drawn.compactMap {
            RaterCeiling(dimension: $0.dimension, songs: $0.songs, truth: $0.truth, facts: run.facts)
        }
    }

    /// The three songs with the largest errors and the three with the smallest, with captions.
    private func pictured(_ run: RunReport) -> [(id: String, words: String)] {
        let songs = SongSection.songs(run), worst = songs.prefix(3), best = songs.dropFirst(worst.count).suffix(3)
        return worst.map { ($0.id, "error \(Numerals.fixed($0.error, 2)), among the largest") }
            + best.reversed().map { ($0.id, "error \(Numerals.fixed($0.error, 2)), among the smallest") }
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
