import SentioBase

/// Lists of ids for people.
enum IDList {
    /// The first ten, and how many more there are.
    static func text(_ ids: [String]) -> String {
        ids.prefix(10).joined(separator: ", ") + (ids.count > 10 ? " and \(ids.count - 10) more" : "")
    }

    /// `1 song`, `93 songs`.
    static func songs(_ count: Int) -> String { NumberText.count(count, "song") }
}
