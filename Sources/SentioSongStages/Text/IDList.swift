import SentioBase

/// Lists of ids in messages.
package enum IDList {
    /// The first ten, and how many more there are.
    package static func text(_ ids: [String]) -> String {
        ids.prefix(10).joined(separator: ", ") + (ids.count > 10 ? " and \(ids.count - 10) more" : "")
    }

    /// `a`, `a and b`, `a, b and c`.
    package static func all(_ texts: [String]) -> String {
        guard texts.count > 1, let last = texts.last else { return texts.joined() }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// `1 song`, `93 songs`.
    package static func songs(_ count: Int) -> String { NumberText.count(count, "song") }

    /// `1 training song`, `93 training songs`.
    package static func songs(_ count: Int, _ kind: String) -> String { NumberText.count(count, "\(kind) song") }
}
