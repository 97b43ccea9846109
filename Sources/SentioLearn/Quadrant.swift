/// A quadrant of the rating plane (Russell 1980): for each dimension, whether the rating is in the upper half of the
/// scale.
public struct Quadrant: Hashable, Comparable, Sendable {
    /// One flag per dimension; the middle of the scale counts as high.
    public let isHigh: [Bool]
    /// The names of the dimensions, in the order of `isHigh`.
    public let dimensions: [String]

    /// `isHigh` and `dimensions` have the same length.
    public init(isHigh: [Bool], dimensions: [String]) {
        (self.isHigh, self.dimensions) = (isHigh, dimensions)
    }

    private var words: [(String, String)] { zip(isHigh, dimensions).map { ($0 ? "high" : "low", $1) } }

    /// As in the names of metrics: `high-valence-low-arousal`.
    public var name: String { words.map { "\($0)-\($1)" }.joined(separator: "-") }
    /// For display: `high valence, low arousal`.
    public var text: String { words.map { "\($0) \($1)" }.joined(separator: ", ") }

    /// Sorts by name.
    public static func < (one: Quadrant, other: Quadrant) -> Bool { one.name < other.name }
}
