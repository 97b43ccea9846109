public import SentioKit

/// A line of `expect:`: `score.test.ccc >= 0.60`, a stage, its metric, a comparison and a number.
public struct ExpectationClause: Sendable, Equatable {
    public enum Comparison: String, Sendable, CaseIterable {
        case atLeast = ">=", atMost = "<=", equal = "==", notEqual = "!=", more = ">", less = "<"

        func holds(_ left: Double, _ right: Double) -> Bool {
            switch self {
            case .atLeast: left >= right
            case .atMost: left <= right
            case .equal: left == right
            case .notEqual: left != right
            case .more: left > right
            case .less: left < right
            }
        }
    }

    public let text: String
    public let stage: String
    public let metric: String
    public let comparison: Comparison
    public let bound: Double

    /// Judges the clause by what the stages measured.
    public func judge(_ outcomes: [StageOutcome]) -> Expectation {
        guard let outcome = outcomes.first(where: { $0.stage == stage }), outcome.state == .executed || outcome.state == .cached else {
            return Expectation(text: text, holds: false, evidence: "\(stage) did not finish")
        }
        guard let value = outcome.metrics[metric] else {
            let hint = Suggestion.nearest(to: metric, among: outcome.metrics.keys).map { "; did you mean `\(stage).\($0)`?" } ?? ""
            return Expectation(text: text, holds: false, evidence: "\(stage) has no metric `\(metric)`\(hint)")
        }
        return Expectation(text: text, holds: comparison.holds(value, bound), evidence: "\(stage).\(metric) is \(value)")
    }

    static func parse(
        _ nodes: [SpecNode], stages: Set<String>, report: (String, SpecOrigin) -> Diagnostic, problems: inout [Diagnostic]
    ) -> [ExpectationClause] {
        var clauses: [ExpectationClause] = []
        for node in nodes {
            guard let text = node.string else {
                problems.append(report("An expectation is a text such as \"score.test.ccc >= 0.60\".", node.origin))
                continue
            }
            switch parse(text, stages: stages) {
            case .success(let clause): clauses.append(clause)
            case .failure(let problem): problems.append(report(problem.sentence, node.origin))
            }
        }
        return clauses
    }

    private static func parse(_ text: String, stages: Set<String>) -> Result<ExpectationClause, StageFailure> {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3, let comparison = Comparison(rawValue: words[1]), let bound = Double(words[2]) else {
            return .failure(
                StageFailure(
                    "Write an expectation as `stage.metric >= number`, with spaces; comparisons are \(Comparison.allCases.map(\.rawValue).joined(separator: " "))."
                ))
        }
        var end = words[0].endIndex
        while let dot = words[0][..<end].lastIndex(of: ".") {
            let stage = String(words[0][..<dot])
            if stages.contains(stage) {
                let metric = String(words[0][words[0].index(after: dot)...])
                return .success(ExpectationClause(text: text, stage: stage, metric: metric, comparison: comparison, bound: bound))
            }
            end = dot
        }
        let head = String(words[0].prefix { $0 != "." })
        let hint = Suggestion.nearest(to: head, among: stages).map { " Did you mean `\($0)`?" } ?? ""
        return .failure(StageFailure("`\(words[0])` names no stage of this pipeline.\(hint)"))
    }
}
