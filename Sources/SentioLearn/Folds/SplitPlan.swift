/// The part of an experiment that a song serves.
public enum SplitSet: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case train, validation, test
}

/// Which song serves what: every song exactly once.
public struct SplitPlan: Sendable, Equatable, Codable {
    /// By song id.
    public let sets: [String: SplitSet]

    /// The ids of one set, ascending.
    public func songs(in set: SplitSet) -> [String] {
        sets.filter { $0.value == set }.keys.sorted()
    }
}
