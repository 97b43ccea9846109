/// A quarter of the rating plane.
struct Quadrant: Hashable, Comparable {
    /// Above the middle of the scale, by dimension.
    let isHigh: [Bool]
    let dimensions: [String]

    private var words: [(String, String)] { zip(isHigh, dimensions).map { ($0 ? "high" : "low", $1) } }

    /// For metrics: `high-valence-low-arousal`.
    var name: String { words.map { "\($0)-\($1)" }.joined(separator: "-") }
    /// For people: `high valence, low arousal`.
    var text: String { words.map { "\($0) \($1)" }.joined(separator: ", ") }

    static func < (one: Quadrant, other: Quadrant) -> Bool { one.name < other.name }
}
