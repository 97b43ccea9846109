/// A quarter of the rating plane (Russell 1980): for each dimension, whether the rating is in the upper half of the
/// scale.
public struct Quadrant: Hashable, Comparable, Sendable {
    /// By dimension; the middle of the scale is high.
    public let isHigh: [Bool]
    /// Their names, in the order in which they are said.
    public let dimensions: [String]

    /// Of as many ratings as dimensions.
    public init(isHigh: [Bool], dimensions: [String]) {
        (self.isHigh, self.dimensions) = (isHigh, dimensions)
    }

    private var words: [(String, String)] { zip(isHigh, dimensions).map { ($0 ? "high" : "low", $1) } }

    /// For metrics: `high-valence-low-arousal`.
    public var name: String { words.map { "\($0)-\($1)" }.joined(separator: "-") }
    /// For people: `high valence, low arousal`.
    public var text: String { words.map { "\($0) \($1)" }.joined(separator: ", ") }

    /// By name.
    public static func < (one: Quadrant, other: Quadrant) -> Bool { one.name < other.name }
}
