import SentioKit
import SentioSpec

/// A line of the sweep's `expect:`, such as `mean(score.test.ccc, ratio=1) > mean(score.test.ccc, ratio=0) + 0.01` or
/// `p(score.test.arousal.ccc, ratio=1 vs 0) < 0.05`.
///
/// Each side is a number or a term, optionally plus or minus a number. A term is a statistic of a metric over the cells
/// with the given values (no values: all cells); or the difference of two arms, an end of its interval or its p-value;
/// or an end of one arm's interval. The numbers are those of `runs compare --sweep`. A metric by itself,
/// `score.test.ccc >= 0.5`, is checked in every cell.
public struct SweepClaim: Sendable {
    /// The line as written.
    public let text: String
    let left: Side
    let comparison: ClaimComparison
    let right: Side

    /// A term plus a number, or only a number.
    struct Side: Sendable {
        var term: Term?
        var number = 0.0
    }

    struct Term: Sendable {
        let source: Source
        let metric: MetricName
        /// Values that a cell must have.
        let filter: Filter
        let text: String
    }

    typealias Filter = [(name: String, value: Value)]

    enum Source: Sendable {
        /// Checked in every cell.
        case each
        case statistic(CellStatistic)
        /// Of the arm that matches the filter, compared with the arm that matches `baseline`, if any.
        case compared(ComparedWord, ComparedMetric, baseline: Filter?)
    }

}

/// The metrics of a cell, by stage and name; nil if it has not finished.
struct SweepMeasures: Sendable {
    let cell: SweepCell
    let metrics: [String: [String: Double]]?
}

extension SweepClaim {
    /// Checks the claim against the metrics of the cells.
    /// - Parameter statistics: nil if songs cannot be compared.
    func judge(_ cells: [SweepMeasures], statistics: (any ArmStatistics)? = nil) -> Expectation {
        do throws(StageFailure) {
            if let term = left.term, case .each = term.source { return try judgeEach(term, cells) }
            let left = try value(left, cells, statistics), right = try value(right, cells, statistics)
            return Expectation(
                text: text, holds: comparison.holds(left.value, right.value),
                evidence: [left.evidence, right.evidence].compactMap { $0 }.joined(separator: ", "))
        } catch { return Expectation(text: text, holds: false, evidence: error.sentence) }
    }

    private func judgeEach(_ term: Term, _ cells: [SweepMeasures]) throws(StageFailure) -> Expectation {
        let values = try values(term, cells)
        guard let worst = values.first(where: { !comparison.holds($0.value, right.number) }) else {
            return Expectation(
                text: text, holds: true, evidence: "in \(values.count == 1 ? "1 cell" : "all \(values.count) cells")")
        }
        let count = values.count { !comparison.holds($0.value, right.number) }
        return Expectation(
            text: text, holds: false,
            evidence:
                "not in \(count) of \(values.count) cells; in \(worst.cell.label(replicates: 2)) it is \(worst.value)")
    }

    private func value(
        _ side: Side, _ cells: [SweepMeasures], _ statistics: (any ArmStatistics)?
    ) throws(StageFailure) -> (value: Double, evidence: String?) {
        guard let term = side.term else { return (side.number, nil) }
        switch term.source {
        case .each: return (side.number, nil)
        case .statistic(let statistic):
            let values = try values(term, cells).map(\.value)
            guard let value = statistic(values) else {
                throw StageFailure("\(term.text): a single cell has no \(statistic.rawValue)")
            }
            return (
                value + side.number,
                "\(term.text) is \(value) (\(values.count == 1 ? "1 cell" : "\(values.count) cells"))"
            )
        case .compared(let word, let metric, let baseline):
            // Common songs, replicates and Holm's adjustment depend on all arms: part of a sweep would give other
            // numbers.
            let missing = cells.count { $0.metrics == nil }
            guard missing == 0 else {
                throw StageFailure("\(term.text): \(missing) of \(cells.count) cells of the sweep are missing")
            }
            guard let statistics else { throw StageFailure("\(term.text): song-by-song comparison is not available") }
            func arm(_ filter: Filter) -> String? { cells.first { Self.has($0.cell, filter) }?.cell.arm }
            guard let own = arm(term.filter) else { throw StageFailure("\(term.text): the sweep has no such arm") }
            let numbers = try statistics.numbers(of: metric, arm: own, baseline: baseline.flatMap(arm))
            guard let value = numbers.values[word] else {
                throw StageFailure("\(term.text): the comparison has no `\(word.rawValue)`")
            }
            return (value + side.number, term.text + numbers.evidence(value))
        }
    }

    /// The metric in every cell that the term matches: a statistic over only some of them would be another claim.
    private func values(_ term: Term, _ cells: [SweepMeasures]) throws(StageFailure) -> [(
        cell: SweepCell, value: Double
    )] {
        let meant = cells.filter { Self.has($0.cell, term.filter) }
        let missing = meant.filter { $0.metrics == nil }
        guard missing.isEmpty else {
            throw StageFailure("\(term.text): \(missing.count) of \(meant.count) cells are missing")
        }
        var values: [(cell: SweepCell, value: Double)] = []
        for measures in meant {
            guard let value = measures.metrics?[term.metric.stage]?[term.metric.metric] else {
                let known = measures.metrics?[term.metric.stage]?.keys.sorted() ?? []
                let hint =
                    Suggestion.nearest(to: term.metric.metric, among: known).map {
                        "; did you mean `\(term.metric.stage).\($0)`?"
                    } ?? ""
                throw StageFailure("\(term.metric.stage) has no metric `\(term.metric.metric)`\(hint)")
            }
            values.append((measures.cell, value))
        }
        return values
    }

    static func has(_ cell: SweepCell, _ filter: Filter) -> Bool {
        filter.allSatisfy { wanted in
            cell.parameters.contains {
                $0.name == wanted.name && SweepSetting.canonical($0.value) == SweepSetting.canonical(wanted.value)
            }
        }
    }
}
