import SentioKit

/// Recursive-descent parser of filters. Precedence from low to high: `or`, `and`, `not`.
struct FilterParser {
    let text: String
    let tokens: [FilterToken]
    let now: Double
    private var position = 0
    private var depth = 0

    /// Nobody writes deeper nesting, and it stays well within SQLite's limit on expression depth.
    static let maximumDepth = 50

    init(text: String, tokens: [FilterToken], now: Double) {
        self.text = text
        self.tokens = tokens
        self.now = now
    }

    private var token: FilterToken { tokens[position] }
    private func isWord(_ word: String) -> Bool { token.kind == .word && token.text.lowercased() == word }
    private func isMark(_ mark: String) -> Bool { token.kind == .mark && token.text == mark }
    private mutating func advance() { position = min(position + 1, tokens.count - 1) }

    private func error(_ sentence: String, at place: FilterToken? = nil) -> RunFilterError {
        let place = place ?? token
        return RunFilterError(text: text, offset: place.offset, length: place.length, sentence: sentence)
    }

    /// The second half of a message that begins with "Expected".
    private var found: String { token.kind == .end ? "but the filter ends" : "but found `\(token.text)`" }

    mutating func parse() throws(RunFilterError) -> RunFilter.Expression {
        if token.kind == .end { throw error("The filter is empty. Example: `metrics.test.ccc > 0.5`.") }
        let expression = try disjunction()
        guard token.kind == .end else { throw error("Expected `and` or `or` before `\(token.text)`.") }
        return expression
    }

    private mutating func disjunction() throws(RunFilterError) -> RunFilter.Expression {
        var left = try conjunction()
        while isWord("or") {
            advance()
            left = .or(left, try conjunction())
        }
        return left
    }

    private mutating func conjunction() throws(RunFilterError) -> RunFilter.Expression {
        var left = try negation()
        while isWord("and") {
            advance()
            left = .and(left, try negation())
        }
        return left
    }

    private mutating func negation() throws(RunFilterError) -> RunFilter.Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw error("The filter is nested deeper than \(Self.maximumDepth) levels.")
        }
        if isWord("not") {
            advance()
            return .not(try negation())
        }
        guard isMark("(") else { return try comparison() }
        let opening = token
        advance()
        let inner = try disjunction()
        guard isMark(")") else {
            throw token.kind == .end
                ? error("This parenthesis is never closed.", at: opening) : error("Expected `)`, \(found).")
        }
        advance()
        return inner
    }

    private mutating func comparison() throws(RunFilterError) -> RunFilter.Expression {
        guard token.kind == .word, !isWord("and"), !isWord("or") else {
            throw error("Expected a name such as `metrics.test.ccc`, \(found).")
        }
        guard let field = RunField(token.text) else { throw error(RunField.unknown(token.text)) }
        advance()
        var isNegated = false
        if isWord("not") {
            isNegated = true
            advance()
            guard isWord("in") || isWord("like") else {
                throw error("Expected `in` or `like` after `not`, \(found).")
            }
        }
        if isWord("in") {
            advance()
            let list = RunFilter.Expression.oneOf(field, try literals(field))
            return isNegated ? .not(list) : list
        }
        let comparison: RunFilter.Comparison
        if isWord("like") {
            comparison = .like
        } else if token.kind == .mark, let known = RunFilter.Comparison(rawValue: token.text) {
            comparison = known
        } else {
            return .has(field)
        }
        let place = token
        advance()
        let literal = try literal(field, comparison)
        if case .flag = field, comparison != .equal, comparison != .unequal {
            throw error("This field can be compared only with `=` or `!=`.", at: place)
        }
        let expression = RunFilter.Expression.comparison(field, comparison, literal)
        return isNegated ? .not(expression) : expression
    }

    private mutating func literals(_ field: RunField) throws(RunFilterError) -> [FilterLiteral] {
        guard isMark("(") else {
            throw error("Expected a list in parentheses after `in`: `status in (failed, interrupted)`.")
        }
        var list: [FilterLiteral] = []
        repeat {
            advance()
            list.append(try literal(field, .equal))
        } while isMark(",")
        guard isMark(")") else { throw error("Expected `,` or `)` in the list, \(found).") }
        advance()
        return list
    }

    private mutating func literal(_ field: RunField, _ comparison: RunFilter.Comparison) throws(RunFilterError)
        -> FilterLiteral
    {
        guard token.kind == .word || token.kind == .quoted else { throw error("Expected a value, \(found).") }
        let place = token
        advance()
        let number = place.kind == .word ? Double(place.text) : nil
        if comparison == .like {
            switch field {
            case .text, .parameter, .configuration, .tag: return .text(place.text)
            default: throw error("`like` can be used only with text fields.", at: place)
            }
        }
        switch field {
        case .metric, .number:
            guard let number, !number.isNaN else {
                throw error("Expected a number, not `\(place.text)`.", at: place)
            }
            return .number(number)
        case .text: return .text(place.text)
        case .time:
            guard let time = FilterLiteral.time(place.text, now: now) else {
                throw error(
                    "Expected a time such as 2026-11-23, '2026-11-23 14:30', today, or 7d for a week ago.",
                    at: place)
            }
            return time
        case .status:
            let known = ["running", "succeeded", "failed", "interrupted"]
            guard known.contains(place.text) else {
                let hint = Suggestion.nearest(to: place.text, among: known).map { "; did you mean `\($0)`?" } ?? "."
                throw error("The status is one of \(known.joined(separator: ", "))\(hint)", at: place)
            }
            return .text(place.text)
        case .flag:
            guard place.text == "true" || place.text == "false" else {
                throw error("Expected `true` or `false`.", at: place)
            }
            return .bool(place.text == "true")
        case .parameter, .configuration, .tag:
            if let number, !number.isNaN { return .number(number) }
            if place.kind == .word, place.text == "true" || place.text == "false" { return .bool(place.text == "true") }
            return .text(place.text)
        }
    }
}
