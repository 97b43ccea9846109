/// Warnings grouped by kind, each with how often and where it occurred.
///
/// Sentences that differ only in numbers and in quoted parts (`…`) are of one kind: forty songs that were left out for
/// one reason make one line. Kinds are in the order of their first occurrence.
public struct WarningDigest: Sendable, Equatable {
    /// The warnings of one kind.
    public struct Entry: Sendable, Equatable {
        /// The first of its kind, on one line.
        public let sentence: String
        /// The stages that issued it, in order, copies of one stage under their common name; empty if it is about the
        /// run.
        public fileprivate(set) var stages: [String]
        /// Number of further, different sentences of the kind.
        public fileprivate(set) var others: Int
    }

    /// One for each kind.
    public private(set) var entries: [Entry] = []

    /// Groups warnings.
    /// - Parameters:
    ///   - warnings: in the order in which they were issued.
    ///   - row: the common name of the copies of a stage.
    public init(_ warnings: some Sequence<(stage: String?, sentence: String)>, row: (String) -> String = { $0 }) {
        var places: [String: Int] = [:], said: Set<String> = []
        for (stage, sentence) in warnings {
            let kind = Self.kind(of: sentence), isNew = said.insert(sentence).inserted
            guard let place = places[kind] else {
                places[kind] = entries.count
                entries.append(
                    Entry(sentence: Self.onOneLine(sentence), stages: stage.map { [row($0)] } ?? [], others: 0))
                continue
            }
            if isNew { entries[place].others += 1 }
            if let name = stage.map(row), !entries[place].stages.contains(name) { entries[place].stages.append(name) }
        }
    }

    /// Whether there was no warning.
    public var isEmpty: Bool { entries.isEmpty }

    /// A line for each kind: `ridge, svr: The sentence. (and 3 more like it)`.
    /// - Parameter limit: most lines to return; the last one then counts the kinds left out. nil: no limit.
    public func lines(limit: Int? = nil) -> [String] {
        let shown = limit.map { entries.count > $0 ? entries.prefix(max(0, $0 - 1)) : entries[...] } ?? entries[...]
        var lines = shown.map { entry in
            let stages =
                entry.stages.count > 3
                ? "\(entry.stages.count) stages (\(entry.stages.prefix(2).joined(separator: ", ")), …)"
                : entry.stages.joined(separator: ", ")
            let head = stages.isEmpty ? "" : stages + ": "
            return head + entry.sentence + (entry.others > 0 ? " (and \(entry.others) more like it)" : "")
        }
        if shown.count < entries.count { lines.append("and \(entries.count - shown.count) more warnings") }
        return lines
    }

    private static func onOneLine(_ sentence: String) -> String {
        sentence.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
    }

    /// The sentence without the parts in which cases of one kind differ.
    private static func kind(of sentence: String) -> String {
        var kind = "", isQuoted = false
        for character in sentence {
            if character == "`" {
                isQuoted.toggle()
                kind.append("`")
            } else if !isQuoted {
                if character.isNumber {
                    // `3.5` is one number, as `12` is.
                    if kind.hasSuffix("#.") { kind.removeLast() }
                    if kind.last != "#" { kind.append("#") }
                } else {
                    kind.append(character)
                }
            }
        }
        return kind
    }
}
