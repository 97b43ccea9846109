public import SentioKit

/// A line of the sweep's `expect:`, such as `mean(score.test.ccc, ratio=1) > mean(score.test.ccc, ratio=0) + 0.01`.
///
/// Each side is a number, or a statistic of a metric over the cells with the given values (no values: all cells), with a
/// number added or not. A metric by itself, `score.test.ccc >= 0.5`, is asked of every cell.
public struct SweepClaim: Sendable {
    public let text: String
    let left: Side
    let comparison: ExpectationClause.Comparison
    let right: Side

    /// A statistic of a metric over some cells, plus a number; a number alone where there is no term.
    struct Side: Sendable {
        var term: Term?
        var number = 0.0
    }

    struct Term: Sendable {
        /// nil: asked of every cell.
        let statistic: Statistic?
        let metric: MetricName
        /// Values that a cell must have.
        let filter: [(name: String, value: Value)]
        let text: String
    }

    /// What is taken of the cells' values. A new one is a case and a line below.
    enum Statistic: String, Sendable, CaseIterable {
        case mean, min, max, std, median

        /// nil where there are too few values.
        func callAsFunction(_ values: [Double]) -> Double? {
            guard !values.isEmpty else { return nil }
            let mean = values.reduce(0, +) / Double(values.count)
            switch self {
            case .mean: return mean
            case .min: return values.min()
            case .max: return values.max()
            case .median:
                let sorted = values.sorted(), middle = sorted.count / 2
                return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
            case .std:
                guard values.count > 1 else { return nil }
                return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
            }
        }
    }
}

/// What a cell measured, by stage and metric; nil where it has not finished.
public struct SweepMeasures: Sendable {
    public let cell: SweepCell
    public let metrics: [String: [String: Double]]?

    public init(cell: SweepCell, metrics: [String: [String: Double]]?) {
        self.cell = cell
        self.metrics = metrics
    }
}

extension SweepClaim {
    /// Judges the claim by what the cells measured.
    public func judge(_ cells: [SweepMeasures]) -> Expectation {
        do throws(StageFailure) {
            if let term = left.term, term.statistic == nil { return try judgeEach(term, cells) }
            let left = try value(left, cells), right = try value(right, cells)
            return Expectation(
                text: text, holds: comparison.holds(left.value, right.value),
                evidence: [left.evidence, right.evidence].compactMap { $0 }.joined(separator: ", "))
        } catch { return Expectation(text: text, holds: false, evidence: error.sentence) }
    }

    private func judgeEach(_ term: Term, _ cells: [SweepMeasures]) throws(StageFailure) -> Expectation {
        let values = try values(term, cells)
        guard let worst = values.first(where: { !comparison.holds($0.value, right.number) }) else {
            return Expectation(text: text, holds: true, evidence: "in \(values.count == 1 ? "1 cell" : "all \(values.count) cells")")
        }
        let count = values.count { !comparison.holds($0.value, right.number) }
        return Expectation(
            text: text, holds: false,
            evidence: "not in \(count) of \(values.count) cells; in \(worst.cell.label(replicates: 2)) it is \(worst.value)")
    }

    private func value(_ side: Side, _ cells: [SweepMeasures]) throws(StageFailure) -> (value: Double, evidence: String?) {
        guard let term = side.term, let statistic = term.statistic else { return (side.number, nil) }
        let values = try values(term, cells).map(\.value)
        guard let value = statistic(values) else { throw StageFailure("\(term.text): one cell has no \(statistic.rawValue)") }
        return (value + side.number, "\(term.text) is \(value) (\(values.count == 1 ? "1 cell" : "\(values.count) cells"))")
    }

    /// The metric in every cell that the term names: a statistic over some of them would be another claim.
    private func values(_ term: Term, _ cells: [SweepMeasures]) throws(StageFailure) -> [(cell: SweepCell, value: Double)] {
        let meant = cells.filter { Self.has($0.cell, term.filter) }
        let missing = meant.filter { $0.metrics == nil }
        guard missing.isEmpty else { throw StageFailure("\(term.text): \(missing.count) of \(meant.count) cells are missing") }
        var values: [(cell: SweepCell, value: Double)] = []
        for measures in meant {
            guard let value = measures.metrics?[term.metric.stage]?[term.metric.metric] else {
                let known = measures.metrics?[term.metric.stage]?.keys.sorted() ?? []
                let hint =
                    Suggestion.nearest(to: term.metric.metric, among: known).map { "; did you mean `\(term.metric.stage).\($0)`?" } ?? ""
                throw StageFailure("\(term.metric.stage) has no metric `\(term.metric.metric)`\(hint)")
            }
            values.append((measures.cell, value))
        }
        return values
    }

    static func has(_ cell: SweepCell, _ filter: [(name: String, value: Value)]) -> Bool {
        filter.allSatisfy { wanted in
            cell.parameters.contains { $0.name == wanted.name && Sweep.canonical($0.value) == Sweep.canonical(wanted.value) }
        }
    }
}
