package import SentioKit

/// A parsed line of `expect:`: `SIDE COMPARISON SIDE`, with spaces around the comparison.
///
/// A side is a number, or a metric or a word with arguments in parentheses, optionally followed by ` + number` or
/// ` - number`. The pipeline (`ExpectationClause`) or the sweep (`SweepClaim`) defines the words.
package struct ClaimSyntax {
    package let left: Side
    package let comparison: ClaimComparison
    package let right: Side

    package struct Side {
        package let term: Term?
        /// Added to the term; the whole side if there is no term.
        package let number: Double
    }

    package struct Term {
        /// nil for a metric by itself.
        package let word: String?
        package let metric: String
        /// What follows the name of the metric, up to the first comma: `vs other_score`.
        package let suffix: String
        /// The other arguments.
        package let conditions: [String]
        package let text: String
    }

    /// Parses a line.
    /// - Throws: `StageFailure` with what is wrong.
    package init(_ text: String) throws(StageFailure) {
        let words = text.split(separator: " ").map(String.init)
        // A comparison is between spaces; the `=` of `ratio=1` in parentheses is not.
        let places = words.indices.filter { ClaimComparison(rawValue: words[$0]) != nil }
        guard places.count == 1, let place = places.first, let comparison = ClaimComparison(rawValue: words[place])
        else {
            throw StageFailure(
                "Write `stage.metric >= number`, with spaces around one comparison "
                    + "(\(ClaimComparison.allCases.map(\.rawValue).joined(separator: " "))). Either side may be a "
                    + "number, a metric, or a statistic of a metric such as `low(score.test.ccc)`."
            )
        }
        left = try Self.side(words[..<place].joined(separator: " "))
        right = try Self.side(words[(place + 1)...].joined(separator: " "))
        self.comparison = comparison
        guard left.term != nil || right.term != nil else {
            throw StageFailure("`\(text)` compares two numbers; write a metric on at least one side.")
        }
    }

    private static func side(_ text: String) throws(StageFailure) -> Side {
        if let number = Double(text) { return Side(term: nil, number: number) }
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else {
            guard !text.contains(where: { "(),".contains($0) }) else {
                throw StageFailure("`\(text)` has unbalanced parentheses.")
            }
            let metric = String(text.prefix { $0 != " " })
            guard !metric.isEmpty, Double(metric) == nil else {
                throw StageFailure("`\(text)` is neither a number nor a metric.")
            }
            return Side(
                term: Term(word: nil, metric: metric, suffix: "", conditions: [], text: metric),
                number: try offset(text.dropFirst(metric.count), after: metric))
        }
        let word = String(text[..<open]), end = String(text[...close])
        let arguments = text[text.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false)
            .map(trimmed)
        let metric = arguments[0].prefix { $0 != " " }
        guard !metric.isEmpty else { throw StageFailure("`\(word)()` needs a metric: `\(word)(score.test.ccc)`.") }
        return Side(
            term: Term(
                word: word, metric: String(metric), suffix: trimmed(arguments[0].dropFirst(metric.count)),
                conditions: Array(arguments.dropFirst()), text: end),
            number: try offset(text[text.index(after: close)...], after: end))
    }

    package static func trimmed(_ text: some StringProtocol) -> String {
        text.split(separator: " ").joined(separator: " ")
    }

    /// ` + 0.01` or ` - 0.01`.
    private static func offset(_ text: Substring, after term: String) throws(StageFailure) -> Double {
        let words = text.split(separator: " ")
        if words.isEmpty { return 0 }
        guard words.count == 2, words[0] == "+" || words[0] == "-", let number = Double(words[1]) else {
            throw StageFailure("After `\(term)`, only ` + number` or ` - number` may follow.")
        }
        return words[0] == "+" ? number : -number
    }

    /// The failure for a word that is not in `known`.
    package static func unknown(_ word: String, among known: [String]) -> StageFailure {
        let hint = Suggestion.nearest(to: word, among: known).map { " Did you mean `\($0)`?" } ?? ""
        return StageFailure("Unknown statistic `\(word)`; the statistics are \(known.joined(separator: ", ")).\(hint)")
    }
}

/// The comparison between the sides of a claim.
package enum ClaimComparison: String, Sendable, CaseIterable {
    case atLeast = ">=", atMost = "<=", equal = "==", notEqual = "!=", more = ">", less = "<"

    package func holds(_ left: Double, _ right: Double) -> Bool {
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
