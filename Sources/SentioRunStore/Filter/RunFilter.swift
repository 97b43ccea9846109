/// A condition that selects runs: `metrics.test.ccc > 0.5 and (params.ratio = 1 or tags.keep)`.
///
/// The syntax has `and`, `or`, `not` and parentheses, and the comparisons `=`, `!=`, `<`, `<=`, `>`, `>=`, `like` (`%`
/// matches any text) and `in (a, b)`. A name alone tests whether the run has it. A comparison with something that the
/// run does not have is false.
public struct RunFilter: Sendable, Equatable {
    /// The filter as the user wrote it.
    public let text: String
    let expression: Expression

    indirect enum Expression: Sendable, Equatable {
        case and(Expression, Expression)
        case or(Expression, Expression)
        case not(Expression)
        case has(RunField)
        case comparison(RunField, Comparison, FilterLiteral)
        case oneOf(RunField, [FilterLiteral])
    }

    enum Comparison: String, Sendable {
        case equal = "=", unequal = "!=", less = "<", atMost = "<=", more = ">", atLeast = ">=", like
    }

    /// Parses a filter.
    /// - Parameter now: the current time in seconds since 1970, for `today` and `7d`.
    /// - Throws: `RunFilterError`.
    public init(_ text: String, now: Double) throws(RunFilterError) {
        self.text = text
        var parser = FilterParser(text: text, tokens: try FilterToken.all(in: text), now: now)
        expression = try parser.parse()
    }
}
