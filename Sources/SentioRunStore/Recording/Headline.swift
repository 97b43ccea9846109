import GRDB
import SentioKit

/// The few metrics of a run that a list shows.
///
/// Those that the sweep's `metric:` and the pipeline's `expect:` lines name come first, for their author said that they
/// matter. Then the scores: CCC and R² of one stage, over all dimensions before those of one. The stage is one that was named;
/// else the last one with scores on test songs (`test.ccc`); where there is none, out of fold, then of validation songs, then
/// any other (`gbdt.ccc`). A run without scores has the metrics of its last stage that has any, shortest name first.
enum Headline {
    static let limit = 6

    /// - parameter stages: in the pipeline's order.
    /// - parameter expected: texts that name metrics: `score.test.ccc >= 0.60`.
    static func metrics(of stages: [(stage: String, metrics: [String: Double])], expected: [String] = []) -> [(name: String, value: Double)]
    {
        let words = Set(expected.flatMap(words(of:)))
        var chosen: (stage: String, metrics: [String: Double], tier: Int)?
        for (stage, metrics) in stages where !metrics.isEmpty {
            var tier = metrics.keys.map { Rank($0).set }.min() ?? Rank.none
            // A copy (`score@fold=3`) speaks for a part of the run.
            if stage.contains("@") { tier += 100 }
            if tier < Rank.none, metrics.keys.contains(where: { words.contains("\(stage).\($0)") }) { tier -= 1000 }
            if tier <= chosen?.tier ?? .max { chosen = (stage, metrics, tier) }
        }
        var found: [(name: String, value: Double)] = []
        if !words.isEmpty {
            for (stage, metrics) in stages.reversed() {
                found += Self.sorted(metrics).map { ("\(stage).\($0.name)", $0.value) }.filter { words.contains(Substring($0.name)) }
            }
        }
        let named = Set(found.map(\.name))
        if let chosen {
            found += Self.sorted(chosen.metrics).map { ("\(chosen.stage).\($0.name)", $0.value) }.filter { !named.contains($0.0) }
        }
        return Array(found.prefix(limit))
    }

    private static func sorted(_ metrics: [String: Double]) -> [(name: String, value: Double)] {
        metrics.map { (rank: Rank($0.key), name: $0.key, value: $0.value) }
            .sorted { $0.rank.order == $1.rank.order ? $0.name < $1.name : $0.rank.order < $1.rank.order }
            .map { ($0.name, $0.value) }
    }

    /// How much the name of a metric says about a run.
    private struct Rank {
        static let none = 9
        /// Of a score: 0 on test songs, 1 out of fold, 2 on validation songs, 3 of something else, 4 of a baseline. 9 is no score.
        var set = none
        var order: (set: Int, depth: Int, measure: Int)

        init(_ name: String) {
            let parts = name.utf8.split(separator: UInt8(ascii: ".")).map { Substring($0) }
            let measure = ["ccc", "r2"].firstIndex(of: parts.last ?? "")
            if let measure, (2...3).contains(parts.count), parts[0] != "train" {
                set = parts.contains("baseline") ? 4 : ["test", "out_of_fold", "validation"].firstIndex(of: parts[0]) ?? 3
                order = (parts.count == 2 ? set : 10 + set, parts.count, measure)
            } else {
                order = (100, parts.count, 0)
            }
        }
    }

    private static func words(of text: String) -> [Substring] {
        text.split { !($0.isLetter || $0.isNumber || "._-@=,".contains($0)) }
    }

    // MARK: In the file

    /// Writes a run's headline from what stands in the file, in place of the one it has.
    static func store(run: Int64, _ db: Database) throws {
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
        try store(stages, run: run, db)
    }

    /// - parameter stages: as for `metrics(of:expected:)`; what is expected stands in the file.
    static func store(_ stages: [(stage: String, metrics: [String: Double])], run: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                SELECT json_extract(s.spec, '$.metric.name') FROM runs r JOIN sweeps s ON s.id = r.sweep WHERE r.number = ?1
                UNION ALL SELECT text FROM expectations WHERE run = ?1
                """)
        let expected = try String?.fetchAll(statement, arguments: [run]).compactMap { $0 }
        try db.cachedStatement(sql: "DELETE FROM headlines WHERE run = ?").execute(arguments: [run])
        let headline = try db.cachedStatement(sql: "INSERT INTO headlines (run, rank, name, value) VALUES (?, ?, ?, ?)")
        for (rank, metric) in metrics(of: stages, expected: expected).enumerated() {
            try headline.execute(arguments: [run, rank, metric.name, metric.value])
        }
    }
}
