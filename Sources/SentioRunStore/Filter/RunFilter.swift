/// Which runs a user means: `metrics.test.ccc > 0.5 and (params.ratio = 1 or tags.keep)`.
///
/// `and`, `or`, `not`, brackets; comparisons `=`, `!=`, `<`, `<=`, `>`, `>=`, `like` (`%` is any text), `in (a, b)`; a
/// name alone asks whether the run has it. A comparison with what a run does not have does not hold.
public struct RunFilter: Sendable, Equatable {
    /// As the user wrote it.
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

    /// - parameter now: seconds since 1970, for `today` and `7d`.
    /// - throws: `RunFilterError`.
    public init(_ text: String, now: Double) throws(RunFilterError) {
        self.text = text
        var parser = FilterParser(text: text, tokens: try FilterToken.all(in: text), now: now)
        expression = try parser.whole()
    }
}
