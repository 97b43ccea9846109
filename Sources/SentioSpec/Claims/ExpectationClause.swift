package import SentioKit

/// A line of a pipeline's `expect:`, such as `score.test.ccc >= 0.60` or `p(gan_score.test.arousal.ccc vs score) <
/// 0.05`.
///
/// Each side is a number or one of the following, optionally plus or minus a number: a metric of a stage; `low` or
/// `high` of a metric, the ends of the interval that the stage stored (`score.test.ccc.low`); `difference`, `low`,
/// `high` or `p` of a metric `vs` another stage, as `runs compare RUN:OTHER RUN:STAGE` prints them.
public struct ExpectationClause: Sendable {
    /// The line as written.
    public let text: String
    let left: Side
    let comparison: ClaimComparison
    let right: Side

    struct Side: Sendable {
        let term: Term?
        let number: Double
    }

    struct Term: Sendable {
        let source: Source
        let text: String

        var stage: String {
            switch source {
            case .metric(let name): name.stage
            case .compared(_, let metric, _): metric.stage
            }
        }
        var baselines: [String] { if case .compared(_, _, let baseline) = source { [baseline] } else { [] } }
    }

    enum Source: Sendable {
        case metric(MetricName)
        case compared(ComparedWord, ComparedMetric, baseline: String)
    }

    /// The stages that it mentions.
    package var stages: Set<String> {
        Set([left.term, right.term].compactMap { $0 }.flatMap { [$0.stage] + $0.baselines })
    }
    /// The stage whose result it is about.
    var subject: String? { left.term?.stage }
    /// The stages that the subject is compared with.
    var baselines: [String] {
        (left.term?.baselines ?? []) + (right.term.map { [$0.stage] + $0.baselines } ?? []).filter { $0 != subject }
    }

    /// Checks the clause against the metrics of the stages.
    /// - Parameter statistics: nil if songs cannot be compared.
    package func judge(_ outcomes: [StageOutcome], statistics: (any StageStatistics)? = nil) -> Expectation {
        do throws(StageFailure) {
            let left = try value(left, outcomes, statistics), right = try value(right, outcomes, statistics)
            return Expectation(
                text: text, holds: comparison.holds(left.value, right.value),
                evidence: [left.evidence, right.evidence].compactMap { $0 }.joined(separator: ", "))
        } catch { return Expectation(text: text, holds: false, evidence: error.sentence) }
    }

    private func value(
        _ side: Side, _ outcomes: [StageOutcome], _ statistics: (any StageStatistics)?
    ) throws(StageFailure) -> (value: Double, evidence: String?) {
        guard let term = side.term else { return (side.number, nil) }
        switch term.source {
        case .metric(let name):
            let outcome = try finished(name.stage, outcomes)
            guard let value = outcome.metrics[name.metric] else {
                let hint =
                    Suggestion.nearest(to: name.metric, among: outcome.metrics.keys).map {
                        "; did you mean `\(name.stage).\($0)`?"
                    } ?? ""
                throw StageFailure("\(name.stage) has no metric `\(name.metric)`\(hint)")
            }
            return (value + side.number, "\(term.text) is \(value)")
        case .compared(let word, let metric, let baseline):
            let stage = try finished(metric.stage, outcomes), other = try finished(baseline, outcomes)
            guard let statistics else { throw StageFailure("\(term.text): song-by-song comparison is not available") }
            let numbers = try statistics.numbers(of: metric, stage: stage, baseline: other)
            guard let value = numbers.values[word] else {
                throw StageFailure("\(term.text): the comparison has no `\(word.rawValue)`")
            }
            return (value + side.number, term.text + numbers.evidence(value))
        }
    }

    private func finished(_ stage: String, _ outcomes: [StageOutcome]) throws(StageFailure) -> StageOutcome {
        guard let outcome = outcomes.first(where: { $0.stage == stage }),
            outcome.state == .executed || outcome.state == .cached
        else {
            throw StageFailure("\(stage) did not finish")
        }
        return outcome
    }
}

extension ExpectationClause {
    /// Parses the lines and reports those with faults.
    /// - Parameter measures: measures by which songs can be compared.
    static func parse(
        _ nodes: [SpecNode], stages: Set<String>, measures: [String], report: (String, SpecOrigin) -> Diagnostic,
        problems: inout [Diagnostic]
    ) -> [ExpectationClause] {
        var clauses: [ExpectationClause] = []
        for node in nodes {
            guard let text = node.string else {
                problems.append(report("An expectation must be text such as \"score.test.ccc >= 0.60\".", node.origin))
                continue
            }
            do throws(StageFailure) {
                let syntax = try ClaimSyntax(text)
                clauses.append(
                    ExpectationClause(
                        text: text, left: try side(syntax.left, stages, measures), comparison: syntax.comparison,
                        right: try side(syntax.right, stages, measures)))
            } catch { problems.append(report(error.sentence, node.origin)) }
        }
        return clauses
    }

    private static let words: [ComparedWord] = [.low, .high, .difference, .p]

    private static func side(_ side: ClaimSyntax.Side, _ stages: Set<String>, _ measures: [String]) throws(StageFailure)
        -> Side
    {
        guard let term = side.term else { return Side(term: nil, number: side.number) }
        return Side(term: Term(source: try source(term, stages, measures), text: term.text), number: side.number)
    }

    private static func source(_ term: ClaimSyntax.Term, _ stages: Set<String>, _ measures: [String])
        throws(StageFailure) -> Source
    {
        guard let written = term.word else { return .metric(try MetricName(term.metric, stages: stages)) }
        guard let word = ComparedWord(rawValue: written), words.contains(word) else {
            if CellStatistic(rawValue: written) != nil || written == ComparedWord.adjusted.rawValue {
                throw StageFailure(
                    "`\(written)` is a statistic over the cells of a sweep; use it under `expect:` in the `sweep:` "
                        + "block."
                )
            }
            throw ClaimSyntax.unknown(written, among: words.map(\.rawValue))
        }
        let metric = try MetricName(term.metric, stages: stages)
        guard term.conditions.isEmpty else {
            throw StageFailure(
                "`\(term.conditions[0])` selects cells of a sweep, but `\(term.text)` is about a single run.")
        }
        if term.suffix.isEmpty {
            guard word == .low || word == .high else {
                throw StageFailure("`\(written)` compares two stages; write `\(written)(\(term.metric) vs STAGE)`.")
            }
            return .metric(MetricName(stage: metric.stage, metric: metric.metric + "." + word.rawValue))
        }
        let parts = term.suffix.split(separator: " ").map(String.init)
        guard parts.count == 2, parts[0] == "vs" else {
            throw StageFailure("After `\(term.metric)`, only ` vs STAGE` may follow, not `\(term.suffix)`.")
        }
        guard stages.contains(parts[1]) else {
            let hint = Suggestion.nearest(to: parts[1], among: stages).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("The pipeline has no stage `\(parts[1])`.\(hint)")
        }
        guard parts[1] != metric.stage else { throw StageFailure("`\(term.text)` compares a stage with itself.") }
        return .compared(word, try ComparedMetric(metric, measures: measures), baseline: parts[1])
    }
}
