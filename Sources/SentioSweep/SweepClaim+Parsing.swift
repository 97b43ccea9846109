import SentioKit
import SentioSpec

extension SweepClaim {
    /// Parses the lines of `expect:`.
    /// - Returns: the claims, and a warning for each that has no cells because of `--matrix`.
    /// - Throws: `PipelineErrors` with every invalid line, and every line without cells in the file's own sweep.
    static func parse(_ nodes: [SpecNode], _ draft: SweepDraft, cells: [SweepCell], measures: [String]) throws -> (
        claims: [SweepClaim], warnings: [Diagnostic]
    ) {
        var problems: [Diagnostic] = [], claims: [SweepClaim] = [], warnings: [Diagnostic] = []
        let stages = draft.stages
        for node in nodes {
            guard let text = node.string else {
                problems.append(
                    draft.file.diagnostic(
                        "A claim must be text such as \"mean(score.test.ccc, ratio=1) > 0.5\".", at: node.origin))
                continue
            }
            do throws(StageFailure) {
                let claim = try parse(text, stages: stages, cells: cells, measures: measures)
                if let sentence = claim.absence(in: cells) {
                    if draft.isNarrowed {
                        warnings.append(draft.file.diagnostic("The claim is not checked: \(sentence)", at: node.origin))
                    } else {
                        problems.append(draft.file.diagnostic(sentence, at: node.origin))
                    }
                } else {
                    claims.append(claim)
                }
            } catch { problems.append(draft.file.diagnostic(error.sentence, at: node.origin)) }
        }
        guard problems.isEmpty else { throw PipelineErrors(problems) }
        return (claims, warnings)
    }

    /// Why a claim is about cells that the sweep does not have; nil if it has them.
    private func absence(in cells: [SweepCell]) -> String? {
        for term in [left.term, right.term].compactMap({ $0 }) {
            guard case .compared(_, _, let baseline) = term.source else {
                if let sentence = Self.absence(of: term.filter, in: cells) { return sentence }
                continue
            }
            if Set(cells.map(\.arm)).count < 2 { return "`\(term.text)` compares arms, but the sweep has only one." }
            var arms: [String] = []
            for filter in [term.filter] + (baseline.map { [$0] } ?? []) {
                if let sentence = Self.absence(of: filter, in: cells) { return sentence }
                var seen: Set<String> = []
                let meant = cells.filter { Self.has($0, filter) }.map(\.arm).filter { seen.insert($0).inserted }
                guard meant.count == 1 else {
                    return
                        "`\(term.text)` needs a single arm, but \(meant.count) arms match"
                        + "\(filter.isEmpty ? "" : " " + Self.text(filter)): "
                        + "\(meant.prefix(4).joined(separator: "; "))\(meant.count > 4 ? "; …" : "")."
                }
                arms += meant
            }
            if arms.count == 2, arms[0] == arms[1] { return "`\(term.text)` compares an arm with itself." }
        }
        return nil
    }

    private static func absence(of filter: Filter, in cells: [SweepCell]) -> String? {
        if cells.contains(where: { has($0, filter) }) { return nil }
        for wanted in filter where !cells.contains(where: { has($0, [wanted]) }) {
            var seen: Set<String> = []
            let values = cells.compactMap { cell in
                cell.parameters.first { $0.name == wanted.name }.map { SweepSetting.canonical($0.value) }
            }
            .filter { seen.insert($0).inserted }
            return "No cell has \(text([wanted])); the values are \(values.prefix(20).joined(separator: ", "))."
        }
        return "No cell of the sweep matches \(text(filter))."
    }

    private static func text(_ filter: Filter) -> String {
        filter.map { "\($0.name)=\($0.value.text)" }.joined(separator: ", ")
    }

    private static func parse(
        _ text: String, stages: Set<String>, cells: [SweepCell], measures: [String]
    ) throws(StageFailure) -> SweepClaim {
        let syntax = try ClaimSyntax(text)
        func side(_ side: ClaimSyntax.Side) throws(StageFailure) -> Side {
            guard let term = side.term else { return Side(term: nil, number: side.number) }
            return Side(term: try Self.term(term, stages, cells, measures), number: side.number)
        }
        let left = try side(syntax.left), right = try side(syntax.right)
        if let term = right.term, case .each = term.source {
            throw StageFailure("A metric by itself is only allowed on the left; write `mean(\(term.metric.text))`.")
        }
        if let term = left.term, case .each = term.source, right.term != nil || left.number != 0 {
            throw StageFailure(
                "`\(term.metric.text)` by itself can only be compared with a number; otherwise write "
                    + "`mean(\(term.metric.text))`."
            )
        }
        return SweepClaim(text: text, left: left, comparison: syntax.comparison, right: right)
    }

    private static func term(
        _ term: ClaimSyntax.Term, _ stages: Set<String>, _ cells: [SweepCell], _ measures: [String]
    ) throws(StageFailure) -> Term {
        guard let written = term.word else {
            return Term(source: .each, metric: try MetricName(term.metric, stages: stages), filter: [], text: term.text)
        }
        let compared = ComparedWord(rawValue: written)
        guard compared != nil || CellStatistic(rawValue: written) != nil else {
            throw ClaimSyntax.unknown(
                written, among: CellStatistic.allCases.map(\.rawValue) + ComparedWord.allCases.map(\.rawValue))
        }
        let metric = try MetricName(term.metric, stages: stages)
        guard term.suffix.isEmpty else {
            throw StageFailure(
                "`\(term.suffix)` after `\(term.metric)`: in a sweep, write the arms after a comma: `\(term.metric), "
                    + "name=value vs value`."
            )
        }
        var own: Filter = [], other: Filter = [], isPair = false
        for text in term.conditions {
            let condition = try condition(text, cells)
            own.append((condition.name, condition.value))
            other.append((condition.name, condition.baseline ?? condition.value))
            if condition.baseline != nil { isPair = true }
        }
        guard let word = compared else {
            guard !isPair else {
                throw StageFailure(
                    "`vs` requires difference, low, high, p or p_holm; instead, write `\(written)(…)` on both sides of "
                        + "the comparison."
                )
            }
            return Term(
                source: .statistic(CellStatistic(rawValue: written) ?? .mean), metric: metric, filter: own,
                text: term.text)
        }
        guard isPair || word == .low || word == .high else {
            throw StageFailure(
                "`\(written)` compares two arms; write `\(written)(\(term.metric), name=value vs value)`.")
        }
        return Term(
            source: .compared(word, try ComparedMetric(metric, measures: measures), baseline: isPair ? other : nil),
            metric: metric,
            filter: own, text: term.text)
    }

    /// `ratio=1`, or `ratio=1 vs 0`.
    private static func condition(
        _ text: String, _ cells: [SweepCell]
    ) throws(StageFailure) -> (name: String, value: Value, baseline: Value?) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw StageFailure("`\(text)` is not a condition; write name=value.")
        }
        let name = ClaimSyntax.trimmed(text[..<equals]), known = cells.first?.parameters.map(\.name) ?? []
        guard known.contains(name) else {
            let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("The sweep has no parameter `\(name)`.\(hint)")
        }
        let words = text[text.index(after: equals)...].split(separator: " ")
        let values = words.split(separator: "vs", omittingEmptySubsequences: false).map { $0.joined(separator: " ") }
        guard values.count <= 2, !values.contains("") else {
            throw StageFailure("`\(text)`: write name=value, or name=value vs value.")
        }
        // The value may be YAML's null, which is different from no value.
        return (name, YAMLScalar.value(values[0]), values.count == 2 ? YAMLScalar.value(values[1]) : Value?.none)
    }
}
