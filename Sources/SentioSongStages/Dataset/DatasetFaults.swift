import SentioKit

/// What is wrong with the files of a dataset, told in one round: a line for each fault, below the name of its file.
struct DatasetFaults {
    private struct Part {
        /// nil: the lines are sentences about no table.
        let path: String?
        let lines: [String]
        /// How many faults the lines leave out.
        var more = 0
        var opening = ""
        var cures: [String] = []
    }

    private var parts: [Part] = []

    var isEmpty: Bool { parts.isEmpty }

    /// A sentence about something that is no table.
    mutating func add(_ sentence: String) { parts.append(Part(path: nil, lines: [sentence])) }

    /// Sentences of one kind, of which the first ten are told.
    mutating func add(_ sentences: [String]) {
        guard !sentences.isEmpty else { return }
        parts.append(Part(path: nil, lines: Array(sentences.prefix(10)), more: max(0, sentences.count - 10)))
    }

    /// What is wrong with a table.
    /// - parameter opening: what comes before the place where it is the only fault: `The ratings cannot be used`.
    /// - parameter cures: sentences behind it.
    mutating func add(_ faults: TableFaults, of path: String, opening: String = "", cures: [String] = []) {
        guard !faults.isEmpty else { return }
        let (shown, more) = faults.lines()
        parts.append(
            Part(
                path: path, lines: shown.map { "\($0.place): \($0.problem)" }, more: more, opening: opening,
                cures: cures))
    }

    mutating func add(_ other: DatasetFaults) { parts += other.parts }

    /// - throws: `StageFailure` with all faults, where there is one.
    func check() throws(StageFailure) { if !isEmpty { throw StageFailure(text) } }

    private var text: String {
        if parts.count == 1, parts[0].lines.count == 1, parts[0].more == 0 {
            let part = parts[0]
            return (part.opening.isEmpty ? "" : part.opening + ": ") + Self.sentence(part)
        }
        return (["The dataset cannot be used:"] + parts.flatMap(Self.lines)).joined(separator: "\n")
    }

    /// A part of one line.
    private static func sentence(_ part: Part) -> String {
        guard let path = part.path else { return part.lines[0] }
        return (["\(path):\(part.lines[0])."] + part.cures).joined(separator: " ")
    }

    private static func lines(_ part: Part) -> [String] {
        if part.lines.count == 1, part.more == 0 { return ["  " + sentence(part)] }
        let rest = part.more > 0 ? ["and \(part.more) more"] : []
        guard let path = part.path else { return (part.lines + rest).map { "  " + $0 } }
        return ["  \(path)"] + (part.lines + rest + part.cures).map { "    " + $0 }
    }
}
