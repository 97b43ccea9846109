import SentioKit

/// The problems of a dataset's files, reported all at once: one line for each fault, below the name of its file.
struct DatasetFaults {
    private struct Part {
        /// nil: the lines are sentences that are not about a table.
        let path: String?
        let lines: [(place: String, text: String)]
        /// The number of faults that the lines omit.
        var more = 0
        var opening = ""
        var cures: [String] = []
    }

    private var parts: [Part] = []

    var isEmpty: Bool { parts.isEmpty }

    /// Adds a sentence about something other than a table.
    mutating func add(_ sentence: String) { parts.append(Part(path: nil, lines: [("", sentence)])) }

    /// Adds sentences of one kind, of which the first ten are shown.
    mutating func add(_ sentences: [String]) {
        guard !sentences.isEmpty else { return }
        parts.append(
            Part(path: nil, lines: sentences.prefix(10).map { ("", $0) }, more: max(0, sentences.count - 10)))
    }

    /// Adds what is wrong with a table.
    /// - parameter opening: what precedes the place if it is the only fault: `The ratings cannot be used`.
    /// - parameter cures: sentences that follow it.
    mutating func add(_ faults: TableFaults, of path: String, opening: String = "", cures: [String] = []) {
        guard !faults.isEmpty else { return }
        let (shown, more) = faults.lines()
        parts.append(
            Part(
                path: path, lines: shown.map { ($0.place, $0.problem) }, more: more, opening: opening,
                cures: cures))
    }

    mutating func add(_ other: DatasetFaults) { parts += other.parts }

    /// - throws: `StageFailure` with all faults, if there are any.
    func check() throws(StageFailure) { if !isEmpty { throw StageFailure(text) } }

    /// Every fault by itself: its place, empty if it is not about a table, what is wrong, and what to do.
    var single: [(place: String, problem: String, advice: String)] {
        parts.flatMap { part in
            let advice = part.cures.joined(separator: " ")
            let lines = part.lines.map { line in
                (place: part.path.map { "\($0):\(line.place)" } ?? "", problem: line.text, advice: advice)
            }
            guard part.more > 0 else { return lines }
            return lines + [(place: part.path ?? "", problem: "\(part.more) more of them", advice: "")]
        }
    }

    private var text: String {
        if parts.count == 1, parts[0].lines.count == 1, parts[0].more == 0 {
            let part = parts[0]
            return (part.opening.isEmpty ? "" : part.opening + ": ") + Self.sentence(part)
        }
        return (["The dataset cannot be used:"] + parts.flatMap(Self.lines)).joined(separator: "\n")
    }

    /// A part that has one line, as a sentence.
    private static func sentence(_ part: Part) -> String {
        guard let path = part.path else { return part.lines[0].text }
        return (["\(path):\(line(part.lines[0]))."] + part.cures).joined(separator: " ")
    }

    private static func line(_ line: (place: String, text: String)) -> String {
        line.place.isEmpty ? line.text : "\(line.place): \(line.text)"
    }

    private static func lines(_ part: Part) -> [String] {
        if part.lines.count == 1, part.more == 0 { return ["  " + sentence(part)] }
        let rest = part.more > 0 ? ["and \(part.more) more"] : []
        guard let path = part.path else { return (part.lines.map(line) + rest).map { "  " + $0 } }
        return ["  \(path)"] + (part.lines.map(line) + rest + part.cures).map { "    " + $0 }
    }
}
