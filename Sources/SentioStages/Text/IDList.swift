import SentioBase

/// Lists of ids for people.
enum IDList {
    /// The first ten, and how many more there are.
    static func text(_ ids: [String]) -> String {
        ids.prefix(10).joined(separator: ", ") + (ids.count > 10 ? " and \(ids.count - 10) more" : "")
    }

    /// `a`, `a and b`, `a, b and c`.
    static func all(_ texts: [String]) -> String {
        guard texts.count > 1, let last = texts.last else { return texts.joined() }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// `1 song`, `93 songs`.
    static func songs(_ count: Int) -> String { NumberText.count(count, "song") }
}
