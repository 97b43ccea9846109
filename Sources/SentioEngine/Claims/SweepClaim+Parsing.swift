import SentioKit

extension SweepClaim {
    /// - returns: the claims, and a warning for each that the command line left without cells (`--matrix`).
    /// - throws: `PipelineErrors` with every line that cannot be read, or names no cell of the file's own.
    static func parse(_ nodes: [SpecNode], _ draft: SweepDraft, cells: [SweepCell]) throws -> (claims: [SweepClaim], warnings: [Diagnostic])
    {
        var problems: [Diagnostic] = [], claims: [SweepClaim] = [], warnings: [Diagnostic] = []
        let stages = draft.stages
        for node in nodes {
            guard let text = node.string else {
                problems.append(
                    draft.file.diagnostic("A claim is a text such as \"mean(score.test.ccc, ratio=1) > 0.5\".", at: node.origin))
                continue
            }
            do throws(StageFailure) {
                let claim = try parse(text, stages: stages, cells: cells)
                if let sentence = claim.absence(in: cells) {
                    if draft.isNarrowed {
                        warnings.append(draft.file.diagnostic("The claim is not asked: \(sentence)", at: node.origin))
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

    /// The sentence for a claim about cells that the sweep does not have; nil where it has them.
    private func absence(in cells: [SweepCell]) -> String? {
        for term in [left.term, right.term].compactMap({ $0 }) where !cells.contains(where: { Self.has($0, term.filter) }) {
            for wanted in term.filter where !cells.contains(where: { Self.has($0, [wanted]) }) {
                var seen: Set<String> = []
                let values = cells.compactMap { cell in cell.parameters.first { $0.name == wanted.name }.map { Sweep.canonical($0.value) } }
                    .filter { seen.insert($0).inserted }
                return "No cell has \(wanted.name)=\(wanted.value.text); the values are \(values.prefix(20).joined(separator: ", "))."
            }
            return "No cell of the sweep has all of \(term.filter.map { "\($0.name)=\($0.value.text)" }.joined(separator: ", "))."
        }
        return nil
    }

    private static func parse(_ text: String, stages: Set<String>, cells: [SweepCell]) throws(StageFailure) -> SweepClaim {
        let words = text.split(separator: " ").map(String.init)
        // A comparison stands between spaces; `ratio=1` inside of the brackets does not.
        let places = words.indices.filter { ExpectationClause.Comparison(rawValue: words[$0]) != nil }
        guard places.count == 1, let place = places.first, let comparison = ExpectationClause.Comparison(rawValue: words[place]) else {
            let known = ExpectationClause.Comparison.allCases.map(\.rawValue).joined(separator: " ")
            throw StageFailure(
                "Write a claim as `mean(stage.metric, name=value) >= number` with spaces around one comparison (\(known)); the right side may be such a term too."
            )
        }
        let left = try side(words[..<place].joined(separator: " "), stages, cells)
        let right = try side(words[(place + 1)...].joined(separator: " "), stages, cells)
        guard left.term != nil || right.term != nil else { throw StageFailure("`\(text)` compares two numbers; name a metric.") }
        if let term = right.term, term.statistic == nil {
            throw StageFailure("A metric by itself stands on the left; write `mean(\(term.metric.text))`.")
        }
        if let term = left.term, term.statistic == nil, right.term != nil || left.number != 0 {
            throw StageFailure("`\(term.metric.text)` by itself is compared with a number; write `mean(\(term.metric.text))` for more.")
        }
        return SweepClaim(text: text, left: left, comparison: comparison, right: right)
    }

    private static func side(_ text: String, _ stages: Set<String>, _ cells: [SweepCell]) throws(StageFailure) -> Side {
        if let number = Double(text) { return Side(term: nil, number: number) }
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else {
            guard !text.isEmpty, !text.contains(" ") else { throw StageFailure("`\(text)` is no number and no metric.") }
            return Side(term: Term(statistic: nil, metric: try MetricName(text, stages: stages), filter: [], text: text))
        }
        let name = String(text[..<open])
        guard let statistic = Statistic(rawValue: name) else {
            let known = Statistic.allCases.map(\.rawValue)
            let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("`\(name)` is no statistic; there are \(known.joined(separator: ", ")).\(hint)")
        }
        let arguments = text[text.index(after: open)..<close].split(separator: ",").map { String($0.drop { $0 == " " }) }
        guard let first = arguments.first else { throw StageFailure("`\(name)()` needs a metric.") }
        let metric = try MetricName(String(first.reversed().drop { $0 == " " }.reversed()), stages: stages)
        var filter: [(name: String, value: Value)] = []
        for argument in arguments.dropFirst() { filter.append(try condition(argument, cells)) }
        let end = String(text[...close])
        return Side(
            term: Term(statistic: statistic, metric: metric, filter: filter, text: end),
            number: try offset(text[text.index(after: close)...], after: end))
    }

    /// `ratio=1`.
    private static func condition(_ text: String, _ cells: [SweepCell]) throws(StageFailure) -> (name: String, value: Value) {
        guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
            throw StageFailure("`\(text)` is no condition; write it as name=value.")
        }
        let name = String(text[..<equals]), value = YAMLScalar.value(String(text[text.index(after: equals)...]))
        let known = cells.first?.parameters.map(\.name) ?? []
        guard known.contains(name) else {
            let hint = Suggestion.nearest(to: name, among: known).map { " Did you mean `\($0)`?" } ?? ""
            throw StageFailure("The sweep has no parameter `\(name)`.\(hint)")
        }
        return (name, value)
    }

    /// ` + 0.01` or ` - 0.01`.
    private static func offset(_ text: Substring, after term: String) throws(StageFailure) -> Double {
        let words = text.split(separator: " ")
        if words.isEmpty { return 0 }
        guard words.count == 2, words[0] == "+" || words[0] == "-", let number = Double(words[1]) else {
            throw StageFailure("After `\(term)` only ` + number` or ` - number` can stand.")
        }
        return words[0] == "+" ? number : -number
    }
}
