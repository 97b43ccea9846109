import GRDB
public import SentioKit

/// The few metrics of a run that a list shows, in this order:
///
/// 1. the metric that the sweep's `metric:` names;
/// 2. if the pipeline declares a `headline:`, its metric and the CCC and R² of its stage;
/// 3. the metrics that `expect:` lines name;
/// 4. the scores of one stage, CCC and R² over all dimensions before those of one dimension.
///
/// That stage is the headline's, declared or chosen by the engine. If it has no scores, it is a stage named in
/// `expect:` or by the sweep, else the last one with scores on test songs (`test.ccc`), out of fold, on validation
/// songs, or of any other kind (`gbdt.ccc`). A run of a pipeline without scores shows the metrics of its last stage
/// that has any, shortest names first. Scores of a baseline are omitted unless they were named.
public enum Headline {
    /// Maximum number of metrics.
    static let limit = 6

    /// Selects the metrics.
    /// - Parameter stages: in the order of the pipeline.
    /// - Parameter expected: texts that name metrics: `score.test.ccc >= 0.60`.
    /// - Parameter about: the headline of the run, if known.
    /// - Parameter metric: the metric of the sweep.
    public static func metrics(
        of stages: [(stage: String, metrics: [String: Double])], expected: [String] = [], about: RunHeadline? = nil,
        metric: String? = nil
    ) -> [(name: String, value: Double)] {
        let words = Set(expected.flatMap(words(of:))), sweep = metric.map { Set([Substring($0)]) } ?? []
        let chosen = chosen(stages, words.union(sweep), about)
        var found = named(sweep, stages), seen = Set(found.map(\.name))
        func add(_ metrics: [(name: String, value: Double)]) {
            found += metrics.filter { seen.insert($0.name).inserted }
        }
        let own = chosen.map { chosen in
            sorted(chosen.metrics).filter { !isBaseline($0.name) }.map { ("\(chosen.stage).\($0.name)", $0.value) }
        }
        if let about, about.isDeclared, chosen?.stage == about.stage {
            if let metric = about.metric { add(named([Substring("\(about.stage).\(metric)")], stages)) }
            add(Array((own ?? []).prefix(2)))
        }
        add(named(words, stages))
        add(own ?? [])
        return Array(found.prefix(limit))
    }

    /// The stage whose scores represent the run.
    private static func chosen(
        _ stages: [(stage: String, metrics: [String: Double])], _ words: Set<Substring>, _ about: RunHeadline?
    ) -> (stage: String, metrics: [String: Double])? {
        if let about, about.isDeclared, let own = stages.last(where: { $0.stage == about.stage && !$0.metrics.isEmpty })
        {
            return own
        }
        var chosen: (stage: String, metrics: [String: Double], tier: Int)?
        for (stage, metrics) in stages where !metrics.isEmpty {
            var tier = metrics.keys.filter { !isBaseline($0) }.map { Rank($0).set }.min() ?? Rank.none
            // A copy (`score@fold=3`) represents only a part of the run; a baseline is what the run is compared with.
            if stage.contains("@") || isBaseline(stage) || stage == about?.baseline { tier += 100 }
            if stage == about?.stage { tier -= 500 }
            if tier < Rank.none, metrics.keys.contains(where: { words.contains("\(stage).\($0)") }) { tier -= 1000 }
            if tier <= chosen?.tier ?? .max { chosen = (stage, metrics, tier) }
        }
        // In a pipeline that scores, metrics of earlier stages do not represent a run that did not get as far as
        // scoring.
        if about != nil, chosen?.tier ?? Rank.none == Rank.none { return nil }
        return chosen.map { ($0.stage, $0.metrics) }
    }

    /// The metrics with these names, later stages first.
    private static func named(
        _ words: Set<Substring>, _ stages: [(stage: String, metrics: [String: Double])]
    ) -> [(name: String, value: Double)] {
        if words.isEmpty { return [] }
        return stages.reversed().flatMap { stage, metrics in
            sorted(metrics).map { ("\(stage).\($0.name)", $0.value) }.filter { words.contains(Substring($0.0)) }
        }
    }

    /// Whether a metric or stage belongs to a baseline: `test.baseline.ccc`, `baseline_score`.
    private static func isBaseline(_ name: String) -> Bool {
        name.utf8.count >= 8 && name.contains("baseline") && name.split { !$0.isLetter }.contains("baseline")
    }

    private static func sorted(_ metrics: [String: Double]) -> [(name: String, value: Double)] {
        metrics.map { (rank: Rank($0.key), name: $0.key, value: $0.value) }
            .sorted { $0.rank.order == $1.rank.order ? $0.name < $1.name : $0.rank.order < $1.rank.order }
            .map { ($0.name, $0.value) }
    }

    /// The importance of a metric, derived from its name.
    private struct Rank {
        static let none = 9
        /// For a score: 0 on test songs, 1 out of fold, 2 on validation songs, 3 other. 9 if it is not a score.
        var set = none
        var order: (set: Int, depth: Int, measure: Int)

        init(_ name: String) {
            let parts = name.utf8.split(separator: UInt8(ascii: ".")).map { Substring($0) }
            let measure = ["ccc", "r2"].firstIndex(of: parts.last ?? "")
            if let measure, (2...3).contains(parts.count), parts[0] != "train" {
                set = ["test", "out_of_fold", "validation"].firstIndex(of: parts[0]) ?? 3
                order = (parts.count == 2 ? set : 10 + set, parts.count, measure)
            } else {
                order = (100, parts.count, 0)
            }
        }
    }

    private static func words(of text: String) -> [Substring] {
        text.split { !($0.isLetter || $0.isNumber || "._-@=,".contains($0)) }
    }

    // MARK: Storage

    /// Replaces the stored headline of a run, computed from the stored metrics.
    /// - Parameter about: the headline of the run; nil if the file does not record it.
    static func store(run: Int64, about: RunHeadline?, _ db: Database) throws {
        var stages: [(stage: String, metrics: [String: Double])] = []
        let statement = try db.cachedStatement(
            sql: """
                SELECT e.stage, m.name, m.value FROM stage_executions e JOIN metrics m ON m.result = e.result
                WHERE e.run = ? ORDER BY e.position
                """)
        let rows = try Row.fetchCursor(statement, arguments: [run])
        while let row = try rows.next() {
            let stage: String = row[0]
            if stages.last?.stage != stage { stages.append((stage, [:])) }
            stages[stages.count - 1].metrics[row[1]] = row[2] ?? .nan
        }
        try store(stages, run: run, about: about, db)
    }

    /// The stored headline of a run.
    static func declared(run: Int64, _ db: Database) throws -> RunHeadline? {
        let row = try Row.fetchOne(
            db,
            sql:
                "SELECT headline_stage, headline_metric, headline_baseline, headline_declared FROM runs WHERE number "
                + "= ?",
            arguments: [run])
        return row.flatMap { row in
            (row[0] as String?).map { RunHeadline(stage: $0, metric: row[1], baseline: row[2], isDeclared: row[3]) }
        }
    }

    /// Replaces the stored headline of a run.
    /// - Parameter stages: as for `metrics(of:expected:about:metric:)`; the expectations are read from the file.
    static func store(
        _ stages: [(stage: String, metrics: [String: Double])], run: Int64, about: RunHeadline?, _ db: Database
    ) throws {
        let ofSweep = try db.cachedStatement(
            sql:
                "SELECT json_extract(s.spec, '$.metric.name') FROM runs r JOIN sweeps s ON s.id = r.sweep WHERE "
                + "r.number = ?"
        )
        let metric = try String?.fetchOne(ofSweep, arguments: [run]) ?? nil
        let expected = try String.fetchAll(
            db.cachedStatement(sql: "SELECT text FROM expectations WHERE run = ? ORDER BY position"), arguments: [run])
        try db.cachedStatement(sql: "DELETE FROM headlines WHERE run = ?").execute(arguments: [run])
        let headline = try db.cachedStatement(sql: "INSERT INTO headlines (run, rank, name, value) VALUES (?, ?, ?, ?)")
        for (rank, entry) in metrics(of: stages, expected: expected, about: about, metric: metric).enumerated() {
            try headline.execute(arguments: [run, rank, entry.name, entry.value])
        }
    }
}
