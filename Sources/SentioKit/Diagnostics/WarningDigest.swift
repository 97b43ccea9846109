/// Warnings as a reader wants them: each kind of sentence once, with how often and where it was said.
///
/// Sentences that differ only in numbers and in what stands between `…` are of one kind: forty songs that were left out
/// for one reason are one line. Kinds stand in the order in which they first came.
public struct WarningDigest: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        /// The first of its kind, on one line.
        public let sentence: String
        /// The stages that said it, in order, copies of one stage by their common name; without those that speak for a
        /// run.
        public fileprivate(set) var stages: [String]
        /// Further sentences of the kind that have other words.
        public fileprivate(set) var others: Int
    }

    public private(set) var entries: [Entry] = []

    /// - parameter warnings: as they came.
    /// - parameter row: what the copies of a stage are called together.
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

    public var isEmpty: Bool { entries.isEmpty }

    /// A line for each kind: `ridge, svr: The sentence. (and 3 more like it)`.
    /// - parameter limit: of lines; the last one then says how many more kinds there are. nil: all.
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

    /// The sentence without what tells one case from another.
    private static func kind(of sentence: String) -> String {
        var kind = "", isQuoted = false
        for character in sentence {
            if character == "`" {
                isQuoted.toggle()
                kind.append("`")
            } else if !isQuoted {
                if character.isNumber {
                    // `3.5` and `12` are numbers alike.
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
