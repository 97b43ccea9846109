/// What a song is used for in an experiment.
public enum SplitSet: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case train, validation, test
}

/// The assignment of songs to train, validation and test; every song is in exactly one set.
public struct SplitPlan: Sendable, Equatable, Codable {
    /// The set of each song, by id.
    public let sets: [String: SplitSet]

    /// The ids of one set, ascending.
    public func songs(in set: SplitSet) -> [String] {
        sets.filter { $0.value == set }.keys.sorted()
    }
}
